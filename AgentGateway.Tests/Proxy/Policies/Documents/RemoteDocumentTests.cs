using System.Net;
using System.Text;
using AgentGateway.Proxy.Policies.Documents;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace AgentGateway.Tests.Proxy.Policies.Documents;

public sealed class RemoteDocumentTests : IDisposable
{
    private readonly FakeTimeProvider _time = new();
    private readonly StubServer _server = new();
    private readonly HttpMessageInvoker _http;
    private readonly RemoteDocument<string> _document;

    public RemoteDocumentTests()
    {
        _http = new HttpMessageInvoker(_server);
        _document = new RemoteDocument<string>(new Uri("http://issuer.test/keys"), RemoteDocumentTerms.Keys, Parse, _http, _time, NullLogger.Instance);
    }

    public void Dispose() => _http.Dispose();

    [Fact]
    public async Task Get_WithinItsTime_FetchesOnce()
    {
        Assert.Equal("one", await Get());
        _server.Body = "two";
        _time.Advance(TimeSpan.FromMinutes(14.9));

        Assert.Equal("one", await Get());
        Assert.Equal(1, _server.Requests);
    }

    [Fact]
    public async Task Get_AfterItsTime_ServesOldWhileItRefreshes()
    {
        await Get();
        _server.Body = "two";
        _time.Advance(TimeSpan.FromMinutes(15));

        Assert.Equal("one", await Get());
        await _server.Answered(2);
        await Until(async () => await Get() == "two");
    }

    [Fact]
    public async Task Get_LongAfterItsTime_WaitsForTheNew()
    {
        await Get();
        _server.Body = "two";
        _time.Advance(TimeSpan.FromMinutes(31));

        Assert.Equal("two", await Get());
    }

    [Fact]
    public async Task Get_MaxAge_Overrides()
    {
        _server.MaxAge = TimeSpan.FromSeconds(90);
        await Get();
        _server.Body = "two";
        _time.Advance(TimeSpan.FromSeconds(200));

        Assert.Equal("two", await Get());
    }

    [Fact]
    public async Task Get_TinyMaxAge_IsAtLeastAMinute()
    {
        _server.MaxAge = TimeSpan.FromSeconds(1);
        await Get();
        _time.Advance(TimeSpan.FromSeconds(59));
        await Get();

        Assert.Equal(1, _server.Requests);
    }

    [Fact]
    public async Task Get_FailedRefresh_KeepsOldAndRetriesAfter15Seconds()
    {
        await Get();
        _server.Status = HttpStatusCode.InternalServerError;
        _time.Advance(TimeSpan.FromMinutes(31));
        Assert.Equal("one", await Get());
        Assert.Equal("one", await Get());
        Assert.Equal(2, _server.Requests);

        _server.Status = HttpStatusCode.OK;
        _server.Body = "two";
        _time.Advance(TimeSpan.FromSeconds(15));
        Assert.Equal("two", await Get());
    }

    [Fact]
    public async Task Get_UnreadableRefresh_KeepsOld()
    {
        await Get();
        _server.Body = "broken";
        _time.Advance(TimeSpan.FromMinutes(31));

        Assert.Equal("one", await Get());
    }

    [Fact]
    public async Task Get_NeverFetched_SaysWhatAndTriesAgain()
    {
        _server.Status = HttpStatusCode.NotFound;
        var error = await Assert.ThrowsAsync<RemoteDocumentException>(async () => await Get());
        Assert.Equal("fetch http://issuer.test/keys: the server answered 404", error.Message);

        _server.Status = HttpStatusCode.OK;
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal("one", await Get());
    }

    [Fact]
    public async Task Get_TooLarge_Fails()
    {
        _server.Body = new string('x', RemoteDocumentTerms.Keys.MaxLength + 1);

        var error = await Assert.ThrowsAsync<RemoteDocumentException>(async () => await Get());
        Assert.Contains("longer than 1048576 bytes", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task GetNewer_WithinAMinute_DoesNotAskAgain()
    {
        await Get();
        _server.Body = "two";
        _time.Advance(TimeSpan.FromSeconds(59));
        Assert.Equal("one", await _document.GetNewerAsync(TestContext.Current.CancellationToken));

        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal("two", await _document.GetNewerAsync(TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task GetNewer_SameContent_IsTheSameInstance()
    {
        var first = await Get();
        _time.Advance(TimeSpan.FromSeconds(60));

        Assert.Same(first, await _document.GetNewerAsync(TestContext.Current.CancellationToken));
        Assert.Equal(2, _server.Requests);
    }

    private ValueTask<string> Get() => _document.GetAsync(TestContext.Current.CancellationToken);

    private static string Parse(ReadOnlyMemory<byte> body) =>
        Encoding.UTF8.GetString(body.Span) is var text && text != "broken" ? text : throw new FormatException("broken");

    private static async Task Until(Func<Task<bool>> condition)
    {
        while (!await condition())
        {
            await Task.Yield();
            TestContext.Current.CancellationToken.ThrowIfCancellationRequested();
        }
    }

    private sealed class StubServer : HttpMessageHandler
    {
        private readonly Lock _lock = new();
        private readonly List<(int Count, TaskCompletionSource Done)> _waiting = [];

        public string Body { get; set; } = "one";

        public HttpStatusCode Status { get; set; } = HttpStatusCode.OK;

        public TimeSpan? MaxAge { get; set; }

        public int Requests { get; private set; }

        public Task Answered(int count)
        {
            lock (_lock)
            {
                if (Requests >= count)
                {
                    return Task.CompletedTask;
                }

                var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
                _waiting.Add((count, done));
                return done.Task;
            }
        }

        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            lock (_lock)
            {
                Requests++;
                foreach (var (count, done) in _waiting)
                {
                    if (Requests >= count)
                    {
                        done.TrySetResult();
                    }
                }
            }

            var response = new HttpResponseMessage(Status) { Content = new StringContent(Body) };
            if (MaxAge is { } age)
            {
                response.Headers.CacheControl = new() { MaxAge = age };
            }

            return Task.FromResult(response);
        }
    }
}
