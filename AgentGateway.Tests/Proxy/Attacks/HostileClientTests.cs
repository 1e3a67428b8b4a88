using AgentGateway.Configuration;
using AgentGateway.Configuration.Snapshot;
using AgentGateway.Configuration.Snapshot.Frontend;
using AgentGateway.Configuration.Snapshot.Policies;
using AgentGateway.Tests.Proxy.Backends;
using AgentGateway.Tests.Proxy.Policies;
using Xunit;

namespace AgentGateway.Tests.Proxy.Attacks;

/// <summary>HTTP/1.1 clients that break the rules: a clear status, the connection ends, and nothing of it reaches an upstream or another client.</summary>
public sealed class HostileClientTests
{
    public static TheoryData<string> RefusedHeads => new(
        "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n0\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: identity\r\nContent-Length: 1\r\n\r\nx",
        "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: \x0b" + "chunked\r\n\r\n0\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding : chunked\r\n\r\n0\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding:\r\n chunked\r\n\r\n0\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: -5\r\n\r\nhello",
        "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 0x5\r\n\r\nhello",
        "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5, 5\r\n\r\nhello",
        "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5 5\r\n\r\nhello",
        "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nContent-Length: 5\r\n\r\nhello",
        "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 99999999999999999999\r\n\r\nhello",
        "POST / HTTP/1.1\r\nHost: a\r\nContent-Length:\r\n\r\nhello",
        "GET / HTTP/1.1\r\nHost: a\r\nX: 1\nX-Evil: 1\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: a\r\nX: 1\rX-Evil: 1\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: a\r\nX: 1\0\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: a\r\nX: 1\r\n folded\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: a\r\n X: 1\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: a\r\nX y: 1\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: a\r\n: 1\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: a\n\n",
        "GET / HTTP/1.1\nHost: a\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: a b\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: a/b\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: u@b\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: a:port\r\n\r\n",
        "GET a:80 HTTP/1.1\r\nHost: a\r\n\r\n",
        "GET * HTTP/1.1\r\nHost: a\r\n\r\n",
        "GET /\0 HTTP/1.1\r\nHost: a\r\n\r\n",
        "GET /\x80 HTTP/1.1\r\nHost: a\r\n\r\n",
        "GET /%00 HTTP/1.1\r\nHost: a\r\n\r\n",
        "GET  / HTTP/1.1\r\nHost: a\r\n\r\n",
        "GET / HTTP/1.10\r\nHost: a\r\n\r\n",
        "GET / HTTP/2.0\r\nHost: a\r\n\r\n",
        "GET / HTTP/3\r\nHost: a\r\n\r\n",
        "GET / http/1.1\r\nHost: a\r\n\r\n",
        "G(T / HTTP/1.1\r\nHost: a\r\n\r\n",
        "GET /\r\n\r\n");

    [Theory]
    [MemberData(nameof(RefusedHeads))]
    public async Task Head_AgainstTheRules_IsRefusedAndReachesNoUpstream(string request)
    {
        await using var gateway = await EchoGateway.StartAsync();
        using var client = await RawPeer.ConnectAsync(gateway.Port);

        // What would be the smuggled request follows at once.
        await client.SendAsync(request + "GET /smuggled HTTP/1.1\r\nHost: a\r\n\r\n");
        var answer = await client.ReadToEndAsync();

        Assert.Matches("^HTTP/1\\.1 (4|5)[0-9][0-9] ", answer);
        Assert.Equal(1, answer.Split("HTTP/1.1 ").Length - 1);
        Assert.DoesNotContain("smuggled", answer, StringComparison.Ordinal);
        Assert.Equal(0, gateway.UpstreamConnections);
        Assert.StartsWith("HTTP/1.1 200", (await gateway.SendAsync("GET /next HTTP/1.1\r\nHost: a\r\n\r\n")).Head, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("5 \r\nhello\r\n0\r\n\r\n")]
    [InlineData("0x5\r\nhello\r\n0\r\n\r\n")]
    [InlineData("-5\r\nhello\r\n0\r\n\r\n")]
    [InlineData("+5\r\nhello\r\n0\r\n\r\n")]
    [InlineData("FFFFFFFFFFFFFFFFF\r\nhello\r\n0\r\n\r\n")]
    [InlineData("80000000\r\nhello\r\n0\r\n\r\n")]
    [InlineData("5\nhello\n0\n\n")]
    [InlineData("5\r\nhelloX\r\n0\r\n\r\n")]
    [InlineData("5\r\nhello\r\nzz\r\n\r\n")]
    [InlineData("\r\nhello\r\n0\r\n\r\n")]
    [InlineData("5;a=\"\n\"\r\nhello\r\n0\r\n\r\n")]
    public async Task Chunks_Malformed_NeverLookWholeToTheUpstream(string body)
    {
        var seen = new TaskCompletionSource<string>();
        await using var upstream = RawUpstream.Start(async peer => seen.TrySetResult(await peer.ReadToEndAsync()));
        await using var gateway = await TestGateway.StartAsync(upstream.Backend);
        using var client = await RawPeer.ConnectAsync(gateway.Address.Port);

        await client.SendAsync("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n" + body + "GET /smuggled HTTP/1.1\r\nHost: a\r\n\r\n");
        if (body.StartsWith("80000000", StringComparison.Ordinal))
        {
            client.Socket.Shutdown(System.Net.Sockets.SocketShutdown.Send); // A chunk of 2 GiB is large, not wrong; ending before its end is.
        }

        var answer = await client.ReadToEndAsync();

        Assert.True(answer.Length == 0 || answer.StartsWith("HTTP/1.1 400", StringComparison.Ordinal), answer);
        Assert.DoesNotContain("0\r\n\r\n", upstream.Connections > 0 ? await seen.Task : "", StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Content-Length: 3")]
    [InlineData("Transfer-Encoding: chunked")]
    [InlineData("Host: evil")]
    [InlineData("Authorization: evil")]
    public async Task Trailers_ThatWouldChangeTheRequest_AreNotPassed(string trailer)
    {
        var seen = new TaskCompletionSource<string>();
        await using var upstream = RawUpstream.Start(async peer =>
        {
            var head = await peer.ReadHeadAsync();
            seen.TrySetResult(head + await peer.ReadUntilAsync("0\r\n") + await peer.ReadUntilAsync("\r\n"));
            await peer.SendAsync("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
            await peer.ReadToEndAsync();
        });
        await using var gateway = await TestGateway.StartAsync(upstream.Backend);
        using var client = await RawPeer.ConnectAsync(gateway.Address.Port);

        await client.SendAsync($"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n{trailer}\r\n\r\n");
        var head = await client.ReadHeadAsync();

        if (head.StartsWith("HTTP/1.1 200", StringComparison.Ordinal))
        {
            Assert.DoesNotContain(trailer, (await seen.Task)[(await seen.Task).IndexOf("hello", StringComparison.Ordinal)..], StringComparison.OrdinalIgnoreCase);
        }
        else
        {
            Assert.StartsWith("HTTP/1.1 400", head, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("X(y): 1")]
    [InlineData("X\"y\": 1")]
    [InlineData("X\x80: 1")]
    public async Task Head_WithAFieldNameThatIsNoToken_Answers400AndIsNotPassed(string field)
    {
        await using var upstream = RawUpstream.Start(async peer => Assert.Equal("", await peer.ReadToEndAsync()));
        await using var gateway = await TestGateway.StartAsync(upstream.Backend);
        using var client = await RawPeer.ConnectAsync(gateway.Address.Port);

        await client.SendAsync($"GET / HTTP/1.1\r\nHost: a\r\n{field}\r\nConnection: close\r\n\r\n");

        Assert.StartsWith("HTTP/1.1 400 ", await client.ReadToEndAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Length_WithASign_IsPassedInItsOneForm()
    {
        await using var gateway = await EchoGateway.StartAsync();

        var (_, seen) = await gateway.SendAsync("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: +5\r\n\r\nhello");

        Assert.Contains("\r\nContent-Length: 5\r\n", seen, StringComparison.Ordinal);
        Assert.EndsWith("\r\n\r\nhello", seen, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Target_OverTheBound_Answers414()
    {
        await using var gateway = await EchoGateway.StartAsync();
        using var client = await RawPeer.ConnectAsync(gateway.Port);

        await client.SendAsync($"GET /{new string('a', 9_000)} HTTP/1.1\r\nHost: a\r\n\r\n");

        Assert.StartsWith("HTTP/1.1 414 ", await client.ReadToEndAsync(), StringComparison.Ordinal);
        Assert.Equal(0, gateway.UpstreamConnections);
    }

    [Fact]
    public async Task Head_ThatNeverEnds_Answers408()
    {
        await using var upstream = EchoGateway.Echo();
        var snapshot = TestGateway.OneRoute(upstream.Backend);
        snapshot = snapshot with { Frontend = snapshot.Frontend with { Http = new FrontendHttpSnapshot { Http1IdleTimeout = TimeSpan.FromSeconds(1) } } };
        await using var gateway = await TestGateway.StartAsync(snapshot);
        using var client = await RawPeer.ConnectAsync(gateway.Address.Port);

        await client.SendAsync("GET / HTTP/1.1\r\nHost: a\r\nX-Slow: ");

        Assert.StartsWith("HTTP/1.1 408 ", await client.ReadToEndAsync(), StringComparison.Ordinal);
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

    private static RouteSnapshot ReadsBody(RouteSnapshot route) =>
        route with { Policies = [new TransformationPolicy { Request = new Transformation { Body = new Expression("request.body + request.body") } }] };
}
