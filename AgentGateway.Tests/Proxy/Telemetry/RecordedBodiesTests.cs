using System.Text;
using AgentGateway.Proxy.Telemetry;
using AgentGateway.Proxy.Telemetry.Logging;
using AgentGateway.Tests.Proxy.Acceptance;
using AgentGateway.Tests.Proxy.Backends;
using Xunit;

namespace AgentGateway.Tests.Proxy.Telemetry;

/// <summary>Bodies that expressions of logs read, and the line of connections without HTTP, through real connections.</summary>
public sealed class RecordedBodiesTests
{
    [Fact]
    public async Task Bodies_ThatTheLogReads_AreRecordedWhileTheyStream()
    {
        // The upstream answers before the request is whole, and the request goes on only after that.
        await using var upstream = RawUpstream.Start(async peer =>
        {
            await peer.ReadHeadAsync();
            Assert.Equal("6\r\nfirst \r\n", await peer.ReadBytesAsync(11));
            await peer.SendAsync("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\none \r\n");
            Assert.Equal("6\r\nsecond\r\n0\r\n\r\n", await peer.ReadBytesAsync(16));
            await peer.SendAsync("3\r\ntwo\r\n0\r\n\r\n");
        });
        var log = await LogAsync(
            $$"""
            frontendPolicies:
              accessLog:
                add:
                  sent: string(request.body)
                  got: string(response.body)
            """,
            upstream.Port,
            async port =>
            {
                using var peer = await RawPeer.ConnectAsync(port);
                await peer.SendAsync("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n6\r\nfirst \r\n");
                await peer.ReadHeadAsync();
                Assert.Equal("4\r\none \r\n", await peer.ReadBytesAsync(9));
                await peer.SendAsync("6\r\nsecond\r\n0\r\n\r\n");
                Assert.Equal("3\r\ntwo\r\n0\r\n\r\n", await peer.ReadUntilAsync("0\r\n\r\n"));
            });

        Assert.Contains(" sent=\"first second\" got=\"one two\"", log, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Bodies_LargerThanTheBound_AreKnownByTheirBeginningOnly()
    {
        await using var upstream = RawUpstream.Start(async peer =>
        {
            await peer.ReadHeadAsync();
            await peer.ReadBytesAsync(20);
            await peer.SendAsync("HTTP/1.1 200 OK\r\nContent-Length: 20\r\n\r\nabcdefghijklmnopqrst");
        });
        var log = await LogAsync(
            $$"""
            frontendPolicies:
              http: {maxBufferSize: 8}
              accessLog:
                add:
                  sent: string(request.body)
                  sent.start: string(request.bodyPrefix)
                  got: string(response.body)
                  got.start: string(response.bodyPrefix)
            """,
            upstream.Port,
            async port =>
            {
                using var peer = await RawPeer.ConnectAsync(port);
                await peer.SendAsync("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 20\r\n\r\n01234567890123456789");
                Assert.Equal("abcdefghijklmnopqrst", (await peer.ReadResponseAsync()).Body);
            });

        Assert.Contains(" sent.start=\"01234567\" got.start=\"abcdefgh\"", log, StringComparison.Ordinal);
        Assert.DoesNotContain(" sent=", log, StringComparison.Ordinal);
        Assert.DoesNotContain(" got=", log, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Body_OfAReplyOfTheGateway_IsRecordedToo()
    {
        var log = await LogAsync("frontendPolicies: {accessLog: {add: {got: string(response.body)} } }", 1, async port =>
        {
            using var peer = await RawPeer.ConnectAsync(port);
            await peer.SendAsync("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
            Assert.StartsWith("HTTP/1.1 503", (await peer.ReadResponseAsync()).Head, StringComparison.Ordinal);
        });

        Assert.Contains(" got=\"upstream call failed: connect to", log, StringComparison.Ordinal);
    }

    [Fact]
    public async Task TcpConnection_WhenItEnds_HasALineAndMetrics()
    {
        await using var upstream = RawUpstream.Start(async peer => await peer.SendAsync("echo:" + await peer.ReadBytesAsync(4)));
        var port = ConfiguredGateway.FreePorts(1)[0];
        using var lines = new MemoryStream();
        string metrics;
        using (var output = new LogOutput(lines))
        {
            await using var gateway = await ConfiguredGateway.StartAsync(
                $$"""
                config:
                  metrics: {fields: {add: {from: source.address, path: request.path} } }
                frontendPolicies:
                  accessLog:
                    add: {client: source.address, method: request.method}
                binds:
                - port: {{port}}
                  listeners:
                  - name: db
                    protocol: TCP
                    tcpRoutes:
                    - name: one
                      backends: [{host: "127.0.0.1:{{upstream.Port}}"}]
                """,
                telemetry: new TelemetryConnections { AccessLog = output });
            using (var peer = await RawPeer.ConnectAsync(port))
            {
                await peer.SendAsync("ping");
                Assert.Equal("echo:ping", await peer.ReadToEndAsync());
            }

            await gateway.StopAsync();
            metrics = Metrics(gateway);
        }

        var line = Encoding.UTF8.GetString(lines.ToArray());
        Assert.Matches(
            $"request gateway=default/default listener=db route=default/one endpoint=127.0.0.1:{upstream.Port} src.addr=127.0.0.1:[0-9]+ protocol=tcp duration=[0-9]+ms client=\"127.0.0.1\"\n$", line);
        var labels = $"bind=\"bind/{port}\",gateway=\"default/default\",listener=\"db\",protocol=\"tcp\"";
        Assert.Contains($"agentgateway_downstream_connections_total{{{labels}}} 1\n", metrics, StringComparison.Ordinal);
        Assert.Contains($"agentgateway_downstream_received_bytes_total{{{labels}}} 4\n", metrics, StringComparison.Ordinal);
        Assert.Contains($"agentgateway_downstream_sent_bytes_total{{{labels}}} 9\n", metrics, StringComparison.Ordinal);
        Assert.Contains("agentgateway_upstream_connect_duration_seconds_count{transport=\"plaintext\"} 1\n", metrics, StringComparison.Ordinal);
        Assert.Matches("agentgateway_request_duration_seconds_count{backend=[^}]*,route_rule=\"unknown\",from=\"127.0.0.1\",path=\"unknown\"} 1\n", metrics);
    }

    [Fact]
    public async Task HttpConnection_WhenItEnds_HasCountedItsBytesAndTheTimeOfResponsePolicies()
    {
        await using var upstream = RawUpstream.Answering("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
        var port = ConfiguredGateway.FreePorts(1)[0];
        await using var gateway = await ConfiguredGateway.StartAsync($$"""
            binds:
            - port: {{port}}
              listeners:
              - routes:
                - policies: {responseHeaderModifier: {set: {x-a: "1"} } }
                  backends: [{host: "127.0.0.1:{{upstream.Port}}"}]
            """);
        const string request = "GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n";
        string answer;
        using (var peer = await RawPeer.ConnectAsync(port))
        {
            await peer.SendAsync(request);
            answer = await peer.ReadToEndAsync();
        }

        await gateway.StopAsync();
        var metrics = Metrics(gateway);

        var labels = $"bind=\"bind/{port}\",gateway=\"default/default\",listener=\"listener0\",protocol=\"http\"";
        Assert.Contains($"agentgateway_downstream_connections_total{{{labels}}} 1\n", metrics, StringComparison.Ordinal);
        Assert.Contains($"agentgateway_downstream_received_bytes_total{{{labels}}} {request.Length}\n", metrics, StringComparison.Ordinal);
        Assert.Contains($"agentgateway_downstream_sent_bytes_total{{{labels}}} {answer.Length}\n", metrics, StringComparison.Ordinal);
        Assert.Matches("agentgateway_response_processing_seconds_count\\{backend=[^}]*route=\"default/route0\"[^}]*\\} 1\n", metrics);
    }

    private static async Task<string> LogAsync(string configuration, int upstream, Func<int, Task> talk)
    {
        var port = ConfiguredGateway.FreePorts(1)[0];
        using var lines = new MemoryStream();
        using (var output = new LogOutput(lines))
        {
            await using var gateway = await ConfiguredGateway.StartAsync(
                configuration + $"\nbinds: [{{port: {port}, listeners: [{{routes: [{{backends: [{{host: '127.0.0.1:{upstream}'}}]}}]}}]}}]\n",
                telemetry: new TelemetryConnections { AccessLog = output });
            await talk(port);
        }

        return Encoding.UTF8.GetString(lines.ToArray());
    }

    private static string Metrics(TestGateway gateway)
    {
        using var buffer = new ByteBuffer(4096);
        gateway.Host.Services.Telemetry.Metrics.WriteTo(buffer);
        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }
}
