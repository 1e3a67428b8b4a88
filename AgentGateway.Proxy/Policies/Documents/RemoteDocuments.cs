using Microsoft.Extensions.Logging;

namespace AgentGateway.Proxy.Policies.Documents;

/// <summary>
/// Documents that policies of all configurations use, by address: a reload finds what was fetched before. A document that no policy holds any
/// more is forgotten.
/// </summary>
internal sealed class RemoteDocuments : IDisposable
{
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly HttpMessageInvoker _http;
    private readonly Lock _lock = new();
    private readonly Dictionary<(Uri Address, Type Type, string Variant), (WeakReference<IRemoteDocument> Reference, bool Required)> _documents = [];

    public RemoteDocuments(TimeProvider time, ILoggerFactory logging)
    {
        _time = time;
        _logger = logging.CreateLogger("agentgateway::documents");
        _http = new HttpMessageInvoker(new SocketsHttpHandler
        {
            ActivityHeadersPropagator = null,
            UseCookies = false,
            AllowAutoRedirect = true,
            MaxAutomaticRedirections = 5,
            ConnectTimeout = TimeSpan.FromSeconds(5),
            PooledConnectionLifetime = TimeSpan.FromMinutes(2),
            MaxResponseHeadersLength = 32,
        });
    }

    /// <summary>The document at an address; the same instance for all that ask for it while one of them holds it.</summary>
    /// <typeparam name="T">What the document is parsed into.</typeparam>
    /// <param name="address">Where to fetch from.</param>
    /// <param name="parse">Turns the body into a value; throws <see cref="FormatException"/> when it is not what was expected.</param>
    /// <param name="required">True when a configuration that names it may not serve before it was fetched.</param>
    /// <param name="terms">How it is fetched; null fetches it as a key set.</param>
    /// <param name="variant">Tells apart those whose <paramref name="parse"/> makes or accepts something else of one address.</param>
    public RemoteDocument<T> Get<T>(Uri address, Func<ReadOnlyMemory<byte>, T> parse, bool required = true, RemoteDocumentTerms? terms = null, string variant = "")
        where T : class
    {
        lock (_lock)
        {
            if (_documents.TryGetValue((address, typeof(T), variant), out var known) && known.Reference.TryGetTarget(out var document))
            {
                _documents[(address, typeof(T), variant)] = known with { Required = known.Required || required };
                return (RemoteDocument<T>)document;
            }

            foreach (var (key, entry) in _documents)
            {
                if (!entry.Reference.TryGetTarget(out _))
                {
                    _documents.Remove(key);
                }
            }

            var created = new RemoteDocument<T>(address, terms ?? RemoteDocumentTerms.Keys, parse, _http, _time, _logger);
            _documents[(address, typeof(T), variant)] = (new WeakReference<IRemoteDocument>(created), required);
            return created;
        }
    }

    /// <summary>Fetches all required documents in use that were never fetched.</summary>
    /// <exception cref="RemoteDocumentException">One of them cannot be fetched.</exception>
    public Task PrepareAsync(CancellationToken cancellationToken)
    {
        var pending = new List<Task>();
        lock (_lock)
        {
            foreach (var (reference, required) in _documents.Values)
            {
                if (required && reference.TryGetTarget(out var document))
                {
                    pending.Add(document.PrepareAsync(cancellationToken));
                }
            }
        }

        return Task.WhenAll(pending);
    }

    public void Dispose() => _http.Dispose();
}
