using System.Collections.Concurrent;
using System.Net;
using AgentGateway.Configuration;
using AgentGateway.Configuration.Snapshot;
using AgentGateway.Configuration.Snapshot.Policies;
using AgentGateway.Tests.Proxy.Backends;
using Xunit;

namespace AgentGateway.Tests.Proxy.Policies.Mirroring;

public sealed class RequestMirrorTests
{
    [Fact]
    public async Task Mirror_Request_IsCopiedAfterItsRewritesWithoutBody()
    {
        await using var mirror = new MirrorUpstream();
        await using var gateway = await EchoGateway.StartAsync(mirror.Policy(1), new UrlRewrite { Path = new PathRewrite(false, "/rewritten%2Fpath") });
        using var content = new StringContent("body");

        using var response = await gateway.Client.PostAsync(new Uri("/a?q=1", UriKind.Relative), content, TestContext.Current.CancellationToken);
        var copy = await mirror.NextAsync();

        Assert.EndsWith("\r\n\r\nbody", await response.TextAsync(), StringComparison.Ordinal);
        Assert.StartsWith("POST /rewritten%2Fpath?q=1 HTTP/1.1\r\n", copy, StringComparison.Ordinal);
        Assert.Contains("Content-Length: 0\r\n", copy, StringComparison.Ordinal);
        Assert.DoesNotContain("Content-Type", copy, StringComparison.Ordinal);
        Assert.Contains($"Host: 127.0.0.1:{gateway.Port}\r\n", copy, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Mirror_Percentage0_CopiesNothingAnd1CopiesAll()
    {
        await using var none = new MirrorUpstream();
        await using var all = new MirrorUpstream();
        await using var without = await EchoGateway.StartAsync(none.Policy(0));
        await using var with = await EchoGateway.StartAsync(all.Policy(1));

        for (var i = 0; i < 5; i++)
        {
            using var first = await without.GetAsync("/");
            using var second = await with.GetAsync("/");
            await all.NextAsync();
        }

        Assert.Equal(0, none.Connections);
    }

    [Fact]
    public async Task Mirror_BackendIsDownOrSilent_ClientSeesNothingOfIt()
    {
        await using var silent = RawUpstream.Start(async peer => await peer.ReadToEndAsync());
        using var down = TestPorts.Refusing(out var port);
        await using var gateway = await EchoGateway.StartAsync(new RequestMirror { Backend = new BackendReference { Host = new TargetAddress("127.0.0.1", port) }, Percentage = 1 });
        await using var other = await EchoGateway.StartAsync(new RequestMirror { Backend = new BackendReference { Host = silent.Backend.Target }, Percentage = 1 });

        using var first = await gateway.GetAsync("/");
        using var second = await other.GetAsync("/");

        Assert.Equal(HttpStatusCode.OK, first.StatusCode);
        Assert.Equal(HttpStatusCode.OK, second.StatusCode);
    }

    [Theory]
    [InlineData("/nobody", "backend does not exist")]
    [InlineData("/mcp", "backend type cannot be used in mirror")]
    public async Task Mirror_BackendThatCannotTakeCopies_Answers500(string name, string message)
    {
        await using var upstream = EchoGateway.Echo();
        var snapshot = EchoGateway.Snapshot(upstream.Backend, route => route with { Policies = [new RequestMirror { Backend = new BackendReference { Backend = name }, Percentage = 1 }] });
        await using var gateway = await TestGateway.StartAsync(snapshot with
        {
            Backends = new EquatableMap<BackendSnapshot>([new("/mcp", new McpBackendSnapshot { Key = "/mcp" })]),
        });

        using var response = await gateway.Client.GetAsync(new Uri("/", UriKind.Relative), TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.InternalServerError, response.StatusCode);
        Assert.Equal(message, await response.TextAsync());
    }

    private sealed class MirrorUpstream : IAsyncDisposable
    {
        private readonly BlockingCollection<string> _seen = [];
        private readonly SemaphoreSlim _arrived = new(0);
        private readonly RawUpstream _upstream;

        public MirrorUpstream() => _upstream = RawUpstream.Start(async peer =>
        {
            while (true)
            {
                _seen.Add(await peer.ReadHeadAsync());
                _arrived.Release();
                await peer.SendAsync("HTTP/1.1 500 Internal Server Error\r\nContent-Length: 0\r\n\r\n");
            }
        });

        public int Connections => _upstream.Connections;

        public RequestMirror Policy(double percentage) => new() { Backend = new BackendReference { Host = _upstream.Backend.Target }, Percentage = percentage };

        public async Task<string> NextAsync()
        {
            Assert.True(await _arrived.WaitAsync(TimeSpan.FromSeconds(60), TestContext.Current.CancellationToken));
            return _seen.Take();
        }

        public async ValueTask DisposeAsync()
        {
            await _upstream.DisposeAsync();
            _seen.Dispose();
            _arrived.Dispose();
        }
    }
}
