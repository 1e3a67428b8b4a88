using System.Text;
using AgentGateway.Configuration;
using AgentGateway.Configuration.Snapshot;
using AgentGateway.Configuration.Snapshot.Frontend;
using AgentGateway.Configuration.Snapshot.Policies;
using AgentGateway.Proxy.Telemetry;
using AgentGateway.Proxy.Telemetry.Logging;
using AgentGateway.Tests.Proxy.Acceptance;
using AgentGateway.Tests.Proxy.Backends;
using AgentGateway.Tests.Proxy.Policies;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace AgentGateway.Tests.Proxy.Attacks;

/// <summary>HTTP/1.1 clients that hold back or break off what they send: a clear status, the connection ends, and nothing of it reaches an upstream.</summary>
public sealed class HostileClientTests
{
    [Theory]
    [InlineData("")]
    [InlineData("PRI * HT")]
    public async Task Client_ThatSaysNothingWhole_IsCutAtTheHandshakeTimeout(string start)
    {
        var time = new FakeTimeProvider();
        await using var gateway = await EchoGateway.StartAsync(route => route, time);
        using var peer = await RawPeer.ConnectAsync(gateway.Port);
        await peer.SendAsync(start);

        // Advances until the gateway has armed its timer and the timer has fired.
        var ended = peer.ReadToEndAsync();
        while (!ended.IsCompleted)
        {
            time.Advance(TimeSpan.FromSeconds(5));
            await Task.WhenAny(ended, Task.Delay(20, TestContext.Current.CancellationToken));
        }

        Assert.Equal("", await ended);
    }

    [Fact]
    public async Task Head_ThatNeverEnds_Answers408()
    {
        await using var upstream = EchoGateway.Echo();
        var snapshot = TestGateway.OneRoute(upstream.Backend);
        snapshot = snapshot with { Frontend = snapshot.Frontend with { Http = new FrontendHttpSnapshot { Http1IdleTimeout = TimeSpan.FromSeconds(1) } } };
        await using var gateway = await TestGateway.StartAsync(snapshot);

        // On a busy machine the second may be over before the first byte was read, and the connection just closes: then once more.
        var answer = "";
        for (var i = 0; i < 20 && answer.Length == 0; i++)
        {
            using var client = await RawPeer.ConnectAsync(gateway.Address.Port);
            await client.SendAsync("GET / HTTP/1.1\r\nHost: a\r\nX-Slow: ");
            answer = await client.ReadToEndAsync();
        }

        Assert.StartsWith("HTTP/1.1 408 ", answer, StringComparison.Ordinal);
        Assert.Equal(0, upstream.Connections);
    }

    [Fact]
    public async Task Body_HeldForAPolicyAndTooSlow_Answers408AndCloses()
    {
        var time = new WatchedTime(AgentGateway.Proxy.Requests.BodyPace.Grace);
        await using var gateway = await EchoGateway.StartAsync(ReadsBody, time);
        using var client = await RawPeer.ConnectAsync(gateway.Port);

        await client.SendAsync("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhel");
        await time.TimerStarted;
        time.Advance(AgentGateway.Proxy.Requests.BodyPace.Grace + TimeSpan.FromSeconds(1));
        var answer = await client.ReadToEndAsync();

        Assert.StartsWith("HTTP/1.1 408 ", answer, StringComparison.Ordinal);
        Assert.EndsWith("\r\n\r\nrequest timeout", answer, StringComparison.Ordinal);
        Assert.Equal(0, gateway.UpstreamConnections);
    }

    [Fact]
    public async Task Body_HeldForAPolicyAndMalformed_Answers400AndCloses()
    {
        await using var gateway = await EchoGateway.StartAsync(ReadsBody);
        using var client = await RawPeer.ConnectAsync(gateway.Port);

        await client.SendAsync("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nhello\r\nGET /smuggled HTTP/1.1\r\nHost: a\r\n\r\n");
        var answer = await client.ReadToEndAsync();

        Assert.StartsWith("HTTP/1.1 400 ", answer, StringComparison.Ordinal);
        Assert.Equal(1, answer.Split("HTTP/1.1 ").Length - 1);
        Assert.Equal(0, gateway.UpstreamConnections);
    }

    [Fact]
    public async Task Body_HeldForAPolicyAndResetByTheClient_Is499AndNoFault()
    {
        var port = ConfiguredGateway.FreePorts(1)[0];
        using var lines = new MemoryStream();
        using (var output = new LogOutput(lines))
        {
            await using var gateway = await ConfiguredGateway.StartAsync(
                $"binds: [{{port: {port}, listeners: [{{routes: [{{policies: {{transformations: {{request: {{body: request.body}}}}, directResponse: {{status: 200}}}}}}]}}]}}]\n",
                telemetry: new TelemetryConnections { AccessLog = output });
            using (var client = await RawPeer.ConnectAsync(port))
            {
                await client.SendAsync("POST / HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 5\r\n\r\n");

                // Said when somebody begins to read the body.
                Assert.StartsWith("HTTP/1.1 100 ", await client.ReadHeadAsync(), StringComparison.Ordinal);
                client.Socket.LingerState = new System.Net.Sockets.LingerOption(true, 0);
            }

            await gateway.StopAsync();
            Assert.False(gateway.Logs.Contains("unhandled exception"));
        }

        Assert.Matches(" http.status=499 protocol=http error=\"the client closed the connection\" duration=", Encoding.UTF8.GetString(lines.ToArray()));
    }

    private static RouteSnapshot ReadsBody(RouteSnapshot route) =>
        route with { Policies = [new TransformationPolicy { Request = new Transformation { Body = new Expression("request.body + request.body") } }] };
}
