using System.Net;
using AgentGateway.Proxy.Backends.Transport;
using Microsoft.Extensions.Logging;

namespace AgentGateway.Proxy.Policies.Documents;

/// <summary>
/// A document fetched over HTTP and kept fresh (specification config-mcp 1.0, "remote resources"): used until its time is up, then fetched again
/// in the background while the old content serves; a failed refresh keeps the old content and is tried again soon.
/// </summary>
/// <typeparam name="T">What the document is parsed into.</typeparam>
internal sealed partial class RemoteDocument<T> : IRemoteDocument
    where T : class
{
    private static readonly TimeSpan ShortestLife = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan LongestLife = TimeSpan.FromHours(24);
    private static readonly TimeSpan RetryDelay = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan FirstRetryDelay = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(10);

    private readonly Uri _address;
    private readonly RemoteDocumentTerms _terms;
    private readonly Func<ReadOnlyMemory<byte>, T> _parse;
    private readonly HttpMessageInvoker _http;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly Lock _lock = new();
    private volatile State? _state;
    private Task<State>? _fetching;
    private DateTimeOffset _notBefore = DateTimeOffset.MinValue;
    private string _lastProblem = "";

    /// <param name="address">Where to fetch from.</param>
    /// <param name="terms">How it is fetched.</param>
    /// <param name="parse">Turns the body into a value; throws <see cref="FormatException"/> when it is not what was expected.</param>
    /// <param name="http">Sends the requests.</param>
    /// <param name="time">Clock.</param>
    /// <param name="logger">Log of failures.</param>
    public RemoteDocument(Uri address, RemoteDocumentTerms terms, Func<ReadOnlyMemory<byte>, T> parse, HttpMessageInvoker http, TimeProvider time, ILogger logger)
    {
        _address = address;
        _terms = terms;
        _parse = parse;
        _http = http;
        _time = time;
        _logger = logger;
    }

    /// <summary>
    /// The content. Waits only before the first fetch, and when the content is older than twice its time (nobody asked for it in between).
    /// </summary>
    /// <exception cref="RemoteDocumentException">Nothing was ever fetched.</exception>
    public ValueTask<T> GetAsync(CancellationToken cancellationToken)
    {
        if (_state is { } state)
        {
            var now = _time.GetUtcNow();
            if (now < state.RefreshAt)
            {
                return new(state.Value);
            }

            var refresh = TryRefresh(now);
            if (refresh is null || now < state.RefreshAt + (state.RefreshAt - state.FetchedAt))
            {
                return new(state.Value);
            }

            return WaitAsync(refresh, state, cancellationToken);
        }

        return FirstAsync(cancellationToken);
    }

    /// <summary>Fetches again unless that was done less than a minute ago; what there is when it fails.</summary>
    public async ValueTask<T> GetNewerAsync(CancellationToken cancellationToken)
    {
        var state = _state;
        var now = _time.GetUtcNow();
        if (state is null || now < state.FetchedAt + ShortestLife || TryRefresh(now) is not { } refresh)
        {
            return await GetAsync(cancellationToken);
        }

        return await WaitAsync(refresh, state, cancellationToken);
    }

    async Task IRemoteDocument.PrepareAsync(CancellationToken cancellationToken) => await GetAsync(cancellationToken);

    private async ValueTask<T> FirstAsync(CancellationToken cancellationToken)
    {
        var fetch = TryRefresh(_time.GetUtcNow()) ?? throw new RemoteDocumentException(_address, _lastProblem);
        return (await fetch.WaitAsync(cancellationToken)).Value;
    }

    private static async ValueTask<T> WaitAsync(Task<State> refresh, State old, CancellationToken cancellationToken)
    {
        try
        {
            return (await refresh.WaitAsync(cancellationToken)).Value;
        }
        catch (RemoteDocumentException)
        {
            return old.Value;
        }
    }

    // The fetch under way, or a new one; null while the last failure is too recent.
    private Task<State>? TryRefresh(DateTimeOffset now)
    {
        lock (_lock)
        {
            if (_fetching is { IsCompleted: false } running)
            {
                return running;
            }

            if (now < _notBefore)
            {
                return null;
            }

            var fetch = Task.Run(FetchAsync);
            _fetching = fetch;

            // A failure was logged; those who only wanted old content do not look at it.
            _ = fetch.ContinueWith(static task => task.Exception, CancellationToken.None, TaskContinuationOptions.OnlyOnFaulted, TaskScheduler.Default);
            return fetch;
        }
    }

    private async Task<State> FetchAsync()
    {
        var old = _state;
        try
        {
            using var timeout = new CancellationTokenSource(Timeout, _time);
            using var request = new HttpRequestMessage(HttpMethod.Get, _address);
            request.Headers.TryAddWithoutValidation("Accept", _terms.Accept);
            using var response = await _http.SendAsync(request, timeout.Token);
            if (response.StatusCode != HttpStatusCode.OK)
            {
                throw new FormatException($"the server answered {(int)response.StatusCode}");
            }

            var body = await BoundedBody.ReadAsync(response.Content, _terms.MaxLength, timeout.Token);
            var now = _time.GetUtcNow();
            var refreshAt = now + LifeOf(response, now);
            var state = old is not null && body.AsSpan().SequenceEqual(old.Body)
                ? old with { FetchedAt = now, RefreshAt = refreshAt }
                : new State(_parse(body), body, now, refreshAt);
            _state = state;
            return state;
        }
        catch (Exception error) when (error is HttpRequestException or FormatException or OperationCanceledException or IOException)
        {
            var problem = error is OperationCanceledException ? $"no answer within {Timeout.TotalSeconds:0} s" : error.Message;
            lock (_lock)
            {
                _lastProblem = problem;
                _notBefore = _time.GetUtcNow() + (old is null ? FirstRetryDelay : RetryDelay);
            }

            LogFailed(_logger, _address, problem);
            throw new RemoteDocumentException(_address, problem);
        }
    }

    private TimeSpan LifeOf(HttpResponseMessage response, DateTimeOffset now)
    {
        var cache = response.Headers.CacheControl;
        var told = cache is { NoCache: true } or { NoStore: true } ? null
            : cache?.MaxAge ?? (response.Content.Headers.Expires is { } expires ? expires - now : null);
        var life = told ?? _terms.Life;
        return life < ShortestLife ? ShortestLife : life > LongestLife ? LongestLife : life;
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "fetch {Address} failed: {Problem}")]
    private static partial void LogFailed(ILogger logger, Uri address, string problem);

    private sealed record State(T Value, byte[] Body, DateTimeOffset FetchedAt, DateTimeOffset RefreshAt);
}
