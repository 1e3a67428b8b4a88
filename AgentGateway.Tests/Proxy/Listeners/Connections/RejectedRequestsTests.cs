using System.Text;
using AgentGateway.Proxy.Telemetry;
using AgentGateway.Proxy.Telemetry.Logging;
using AgentGateway.Tests.Proxy.Acceptance;
using AgentGateway.Tests.Proxy.Backends;
using Xunit;

namespace AgentGateway.Tests.Proxy.Listeners.Connections;

/// <summary>Requests that the HTTP server refuses before the gateway sees them have a line in the access log and are counted all the same.</summary>
public sealed class RejectedRequestsTests
{
    [Theory]
    [InlineData("GET / HTTP/1.1\r\nHost: a b\r\n\r\n", 400)]
    [InlineData("GET / HTTP/1.1\r\n\r\n", 400)]
    [InlineData("nonsense\r\n\r\n", 400)]
    [InlineData("GET / HTTP/1.1\nHost: a\n\n", 400)]
    [InlineData("GET / HTTP/1.1\r\nHost: a\r\nContent-Length: -1\r\n\r\n", 400)]
    [InlineData("GET / HTTP/7.0\r\nHost: a\r\n\r\n", 505)]
    public async Task Request_ThatTheServerRefuses_HasALineAndIsCounted(string request, int status)
    {
        var (log, metrics) = await TalkAsync(async port =>
        {
            using var peer = await RawPeer.ConnectAsync(port);
            await peer.SendAsync(request);
            Assert.StartsWith($"HTTP/1.1 {status} ", await peer.ReadToEndAsync(), StringComparison.Ordinal);
        });

        Assert.Matches(
            $"\trequest gateway=default/default listener=listener0 src.addr=127.0.0.1:[0-9]+ http.status={status} protocol=http error=\"[^\"]+.*\" reason=InvalidRequest duration=[0-9]+ms\n$",
            log);
        Assert.Matches($"agentgateway_requests_total\\{{[^}}]*method=\"unknown\",status=\"{status}\",reason=\"InvalidRequest\"[^}}]*\\}} 1\n", metrics);
    }

    [Theory]
    [InlineData("CONNECT db.internal:1 HTTP/1.1\r\n\r\n", 404, " http.method=CONNECT http.host=db.internal http.status=404 protocol=http error=\"bind not found\" reason=NotFound ")]
    [InlineData("CONNECT [::1]:1 HTTP/1.1\r\n\r\n", 404, " http.method=CONNECT http.host=[::1] http.status=404 protocol=http error=\"bind not found\" reason=NotFound ")]
    [InlineData("CONNECT db.internal HTTP/1.1\r\n\r\n", 400, " http.method=CONNECT http.host=db.internal http.status=400 protocol=http error=\"invalid request\" reason=InvalidRequest ")]
    [InlineData("CONNECT a:99999 HTTP/1.1\r\n\r\n", 400, " http.method=CONNECT http.status=400 protocol=http error=\"invalid request\" reason=InvalidRequest ")]
    public async Task Tunnel_ThatIsRefused_HasALineAndIsCounted(string request, int status, string line)
    {
        var (log, metrics) = await TalkAsync(
            async port =>
            {
                using var peer = await RawPeer.ConnectAsync(port);
                await peer.SendAsync(request);
                Assert.StartsWith($"HTTP/1.1 {status} ", await peer.ReadToEndAsync(), StringComparison.Ordinal);
            },
            "frontendPolicies: {connect: {mode: tunnel}}");

        Assert.Contains(line, Assert.Single(log.Split('\n', StringSplitOptions.RemoveEmptyEntries)), StringComparison.Ordinal);
        Assert.Contains($"method=\"CONNECT\",status=\"{status}\"", metrics, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Request_BehindOneThatWasServed_HasALineOfItsOwn()
    {
        var (log, _) = await TalkAsync(async port =>
        {
            using var peer = await RawPeer.ConnectAsync(port);
            await peer.SendAsync("GET /served HTTP/1.1\r\nHost: a\r\n\r\n");
            Assert.Equal("fine", (await peer.ReadResponseAsync()).Body);
            await peer.SendWhileTakenAsync("GET /" + new string('x', 70_000) + " HTTP/1.1\r\nHost: a\r\n\r\n");
            Assert.StartsWith("HTTP/1.1 414 ", await peer.ReadToEndAsync(), StringComparison.Ordinal);
        });

        var lines = log.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(2, lines.Length);
        Assert.Contains(" http.path=/served http.version=HTTP/1.1 http.status=200 ", lines[0], StringComparison.Ordinal);
        Assert.Contains(" http.status=414 ", lines[1], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("zz\r\n")]
    [InlineData("3\r\nabcXX")]
    public async Task Body_ThatIsMalformed_HasOneLineOnly(string body)
    {
        var (log, _) = await TalkAsync(async port =>
        {
            using var peer = await RawPeer.ConnectAsync(port);
            await peer.SendAsync("POST /served HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n" + body);
            await peer.ReadToEndAsync();
        });

        Assert.Contains(" http.path=/served ", Assert.Single(log.Split('\n', StringSplitOptions.RemoveEmptyEntries)), StringComparison.Ordinal);
    }

    private static async Task<(string Log, string Metrics)> TalkAsync(Func<int, Task> talk, string more = "")
    {
        var port = ConfiguredGateway.FreePorts(1)[0];
        using var lines = new MemoryStream();
        using var metrics = new ByteBuffer(4096);
        using (var output = new LogOutput(lines))
        {
            await using var gateway = await ConfiguredGateway.StartAsync(
                $"binds: [{{port: {port}, listeners: [{{routes: [{{policies: {{directResponse: {{status: 200, body: fine}}}}}}]}}]}}]\n{more}\n",
                telemetry: new TelemetryConnections { AccessLog = output });
            await talk(port);
            await gateway.StopAsync();
            gateway.Host.Services.Telemetry.Metrics.WriteTo(metrics);
        }

        return (Encoding.UTF8.GetString(lines.ToArray()), Encoding.UTF8.GetString(metrics.WrittenSpan));
    }
}
