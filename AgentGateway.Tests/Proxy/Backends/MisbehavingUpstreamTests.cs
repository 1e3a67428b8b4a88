using AgentGateway.Tests.Proxy.Acceptance;
using Xunit;

namespace AgentGateway.Tests.Proxy.Backends;

/// <summary>Upstreams that break the rules: the client gets a clear status or a cut connection, and the next request is not touched by it.</summary>
public sealed class MisbehavingUpstreamTests
{
    private const string Good = "HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\ngood";

    public static TheoryData<string> RefusedHeads => new(
        "HTTP/1.1 200 OK\r\nContent-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\nevil",
        "HTTP/1.1 200 OK\r\nContent-Length: 4\r\nContent-Length: 4\r\n\r\nevil",
        "HTTP/1.1 200 OK\r\nContent-Length: 4, 4\r\n\r\nevil",
        "HTTP/1.1 200 OK\r\nContent-Length: four\r\n\r\nevil",
        "HTTP/1.1 200 OK\r\nX: a\r\n folded\r\nContent-Length: 4\r\n\r\nevil",
        "HTTP/1.1 200 OK\nContent-Length: 4\n\nevil",
        "HTTP/1.1 200 OK\r\nX : a\r\nContent-Length: 4\r\n\r\nevil",
        "HTTP/1.1 200 OK\r\nX: a\0b\r\nContent-Length: 4\r\n\r\nevil",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n",
        "HTTP/1.0 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n",
        "SSH-2.0-OpenSSH_9.2\r\n",
        "just text without any protocol\r\n\r\n",
        "HTTP/1.1 200 OK\r\n" + "X: " + new string('x', 70_000) + "\r\n\r\n",
        string.Concat(Enumerable.Repeat("HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n", 40)) + Good);

    [Theory]
    [MemberData(nameof(RefusedHeads))]
    public async Task Response_HeadThatCanBeReadInTwoWays_Answers503AndClosesTheConnection(string response)
    {
        await using var upstream = RawUpstream.Start(async (peer, number) =>
        {
            await peer.ReadHeadAsync();
            await peer.SendAsync(number == 1 ? response : Good);
            await peer.ReadToEndAsync();
        });
        await using var gateway = await TestGateway.StartAsync(upstream.Backend);
        using var client = await RawPeer.ConnectAsync(gateway.Address.Port);

        await client.SendAsync("GET /1 HTTP/1.1\r\nHost: a\r\n\r\n");
        var (head, body) = await client.ReadResponseAsync();
        await client.SendAsync("GET /2 HTTP/1.1\r\nHost: a\r\n\r\n");
        var (nextHead, nextBody) = await client.ReadResponseAsync();

        Assert.StartsWith("HTTP/1.1 503 ", head, StringComparison.Ordinal);
        Assert.StartsWith("upstream call failed: ", body, StringComparison.Ordinal);
        Assert.StartsWith("HTTP/1.1 200 ", nextHead, StringComparison.Ordinal);
        Assert.Equal("good", nextBody);
        Assert.Equal(2, upstream.Connections);
    }

    [Fact]
    public async Task Response_ConnectionClosedAtOnce_Answers503()
    {
        await using var upstream = RawUpstream.Start(peer => peer.ReadHeadAsync());
        await using var gateway = await TestGateway.StartAsync(upstream.Backend);
        using var client = await RawPeer.ConnectAsync(gateway.Address.Port);

        await client.SendAsync("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
        var (head, body) = await client.ReadResponseAsync();

        Assert.StartsWith("HTTP/1.1 503 ", head, StringComparison.Ordinal);
        Assert.Equal("upstream call failed: connection closed before a response came", body);
        Assert.Equal(1, upstream.Connections);
    }

    [Theory]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nonly a part")]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nonly \r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nonly \r\n0\r\n")]
    public async Task Response_BodyThatBreaksOff_CutsTheClient(string response)
    {
        await using var upstream = RawUpstream.Start(async peer =>
        {
            await peer.ReadHeadAsync();
            await peer.SendAsync(response);
        });
        await using var gateway = await TestGateway.StartAsync(upstream.Backend);
        using var client = await RawPeer.ConnectAsync(gateway.Address.Port);

        await client.SendAsync("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
        var all = await client.ReadToEndAsync();

        Assert.DoesNotContain("0\r\n\r\n", all, StringComparison.Ordinal);
        Assert.False(all.StartsWith("HTTP/1.1 200", StringComparison.Ordinal) && all.Contains("Content-Length: 11\r\n", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("5\nonly \r\n0\r\n\r\n")]
    [InlineData("-5\r\nonly \r\n0\r\n\r\n")]
    [InlineData("0x5\r\nonly \r\n0\r\n\r\n")]
    [InlineData("FFFFFFFFFFFFFFFFFF\r\nonly \r\n0\r\n\r\n")]
    [InlineData("\r\nonly \r\n0\r\n\r\n")]
    public async Task Response_BodyThatIsBrokenFromItsStart_Answers503(string chunks)
    {
        await using var upstream = RawUpstream.Start(async (peer, number) =>
        {
            await peer.ReadHeadAsync();
            await peer.SendAsync(number == 1 ? "HTTP/1.1 200 OK\r\nX-Never: seen\r\nTransfer-Encoding: chunked\r\n\r\n" + chunks : Good);
            await peer.ReadToEndAsync();
        });
        await using var gateway = await TestGateway.StartAsync(upstream.Backend);
        using var client = await RawPeer.ConnectAsync(gateway.Address.Port);

        await client.SendAsync("GET /1 HTTP/1.1\r\nHost: a\r\n\r\n");
        var (head, body) = await client.ReadResponseAsync();
        await client.SendAsync("GET /2 HTTP/1.1\r\nHost: a\r\n\r\n");
        var (_, next) = await client.ReadResponseAsync();

        Assert.StartsWith("HTTP/1.1 503 ", head, StringComparison.Ordinal);
        Assert.DoesNotContain("X-Never", head, StringComparison.Ordinal);
        Assert.StartsWith("upstream call failed: invalid response: ", body, StringComparison.Ordinal);
        Assert.Equal("good", next);
    }

    [Theory]
    [InlineData("")]
    [InlineData(", transformations: {response: {body: 'response.body'} }")]
    public async Task Response_BodyThatIsBrokenFromItsStart_IsAnsweredWithWhatPoliciesOwe(string policies)
    {
        await using var upstream = RawUpstream.Answering("HTTP/1.1 200 OK\r\nVary: Accept\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n");
        var port = ConfiguredGateway.FreePorts(1)[0];
        await using var gateway = await ConfiguredGateway.StartAsync(
            $"binds: [{{port: {port}, listeners: [{{routes: [{{policies: {{cors: {{allowOrigins: ['http://a.test']}}{policies}}}, backends: [{{host: '127.0.0.1:{upstream.Port}'}}]}}]}}]}}]");

        using var response = await gateway.GetAsync("/", ("Origin", "http://a.test"));

        Assert.Equal(System.Net.HttpStatusCode.ServiceUnavailable, response.StatusCode);
        Assert.Equal("http://a.test", response.Headers.GetValues("Access-Control-Allow-Origin").Single());
        Assert.StartsWith("upstream call failed: invalid response: ", await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("5\r\nonly \r\nnot hex\r\n")]
    [InlineData("5\r\nonly too long")]
    [InlineData("5\r\nonly \r\n0\r\nno colon\r\n\r\n")]
    public async Task Response_BodyThatIsBrokenFurtherOn_NeverLooksWhole(string chunks)
    {
        await using var upstream = RawUpstream.Start(async peer =>
        {
            await peer.ReadHeadAsync();
            await peer.SendAsync("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + chunks);
            await peer.ReadToEndAsync();
        });
        await using var gateway = await TestGateway.StartAsync(upstream.Backend);
        using var client = await RawPeer.ConnectAsync(gateway.Address.Port);

        await client.SendAsync("GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
        var all = await client.ReadToEndAsync();

        // How far the network brought the bytes before the fault decides between the two.
        Assert.True(all.StartsWith("HTTP/1.1 503 ", StringComparison.Ordinal) || !all.EndsWith("0\r\n\r\n", StringComparison.Ordinal), all);
    }

    [Theory]
    [InlineData("Content-Length: 2\r\n\r\nhi")]
    [InlineData("Transfer-Encoding: chunked\r\n\r\n2\r\nhi\r\n0\r\n\r\n")]
    [InlineData("Content-Length: 0\r\n\r\n")]
    public async Task Response_ResetContent_HasNoBody(string rest)
    {
        await using var upstream = RawUpstream.Start(async (peer, number) =>
        {
            for (var request = 1; ; request++)
            {
                await peer.ReadHeadAsync();
                await peer.SendAsync(request == 1 && number == 1 ? "HTTP/1.1 205 Reset Content\r\nX-Own: 1\r\n" + rest : Good);
            }
        });
        await using var gateway = await TestGateway.StartAsync(upstream.Backend);
        using var client = await RawPeer.ConnectAsync(gateway.Address.Port);

        await client.SendAsync("GET /1 HTTP/1.1\r\nHost: a\r\n\r\n");
        var (head, body) = await client.ReadResponseAsync();
        await client.SendAsync("GET /2 HTTP/1.1\r\nHost: a\r\n\r\n");
        var (_, next) = await client.ReadResponseAsync();

        Assert.StartsWith("HTTP/1.1 205 ", head, StringComparison.Ordinal);
        Assert.Contains("X-Own: 1\r\n", head, StringComparison.Ordinal);
        Assert.Contains("Content-Length: 0\r\n", head, StringComparison.Ordinal);
        Assert.Equal("", body);
        Assert.Equal("good", next);
    }

    [Theory]
    [InlineData("\u00c3\u00a9", "\u00c3\u00a9")]
    [InlineData("\u00e9", "\u00c3\u00a9")]
    public async Task Response_HeaderBeyondAscii_PassesAsUtf8(string sent, string received)
    {
        await using var upstream = RawUpstream.Answering($"HTTP/1.1 200 OK\r\nX-Name: {sent}\r\nContent-Length: 4\r\n\r\ngood");
        await using var gateway = await TestGateway.StartAsync(upstream.Backend);
        using var client = await RawPeer.ConnectAsync(gateway.Address.Port);

        await client.SendAsync("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
        var (head, body) = await client.ReadResponseAsync();

        Assert.Contains($"X-Name: {received}\r\n", head, StringComparison.Ordinal);
        Assert.Equal("good", body);
    }

    [Theory]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\ngoodHTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nevil")]
    [InlineData("HTTP/1.1 204 No Content\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nevil")]
    [InlineData("HTTP/1.1 304 Not Modified\r\nContent-Length: 4\r\n\r\nevil")]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\ngood\r\n0\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nevil")]
    public async Task Response_BytesBehindItsEnd_NeverReachTheNextRequest(string response)
    {
        await using var upstream = RawUpstream.Start(async (peer, number) =>
        {
            await peer.ReadHeadAsync();
            await peer.SendAsync(number == 1 ? response : Good);
            await peer.ReadToEndAsync();
        });
        await using var gateway = await TestGateway.StartAsync(upstream.Backend);
        using var client = await RawPeer.ConnectAsync(gateway.Address.Port);

        await client.SendAsync("GET /1 HTTP/1.1\r\nHost: a\r\n\r\n");
        var first = await client.ReadHeadAsync();
        await client.SendAsync("GET /2 HTTP/1.1\r\nHost: a\r\n\r\n");
        var rest = await client.ReadUntilAsync("HTTP/1.1 200 OK\r\n") + await client.ReadHeadAsync() + await client.ReadBytesAsync(4);

        Assert.DoesNotContain("evil", first + rest, StringComparison.Ordinal);
        Assert.EndsWith("good", rest, StringComparison.Ordinal);
        Assert.Equal(2, upstream.Connections);
    }

    [Fact]
    public async Task Response_UnaskedBytesOnAnIdleConnection_NeverReachTheNextRequest()
    {
        var sent = new TaskCompletionSource();
        await using var upstream = RawUpstream.Start(async (peer, number) =>
        {
            await peer.ReadHeadAsync();
            await peer.SendAsync(Good);
            if (number == 1)
            {
                await peer.SendAsync("HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nevil");
                sent.SetResult();
            }

            await peer.ReadToEndAsync();
        });
        await using var other = RawUpstream.Answering(Good);
        await using var gateway = await TestGateway.StartAsync(TestGateway.PrefixRoutes(("/other", other.Backend with { Key = "/other" }), ("/", upstream.Backend)));
        using var client = await RawPeer.ConnectAsync(gateway.Address.Port);

        await client.SendAsync("GET /1 HTTP/1.1\r\nHost: a\r\n\r\n");
        var (_, first) = await client.ReadResponseAsync();
        await sent.Task;

        // The bytes stand in the socket; the gateway has come to see them by the time it has done something else.
        for (var i = 0; i < 50; i++)
        {
            await client.SendAsync("GET /other HTTP/1.1\r\nHost: a\r\n\r\n");
            await client.ReadResponseAsync();
        }

        await client.SendAsync("GET /2 HTTP/1.1\r\nHost: a\r\n\r\n");
        var (_, second) = await client.ReadResponseAsync();

        Assert.Equal("good", first);
        Assert.NotEqual("evil", second);
    }

    [Fact]
    public async Task Response_HeadAndInterimResponses_AreNotBodies()
    {
        await using var upstream = RawUpstream.Start(async peer =>
        {
            await peer.ReadHeadAsync();
            await peer.SendAsync("HTTP/1.1 103 Early Hints\r\nLink: </a.css>\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n");
            await peer.ReadHeadAsync();
            await peer.SendAsync(Good);
            await peer.ReadToEndAsync();
        });
        await using var gateway = await TestGateway.StartAsync(upstream.Backend);
        using var client = await RawPeer.ConnectAsync(gateway.Address.Port);

        await client.SendAsync("HEAD / HTTP/1.1\r\nHost: a\r\n\r\n");
        var head = await client.ReadHeadAsync();
        await client.SendAsync("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
        var (_, body) = await client.ReadResponseAsync();

        Assert.Contains("Content-Length: 1000\r\n", head, StringComparison.Ordinal);
        Assert.Equal("good", body);
        Assert.Equal(1, upstream.Connections);
    }

    [Fact]
    public async Task Response_UntilClose_IsPassedWholeAndTheConnectionNotReused()
    {
        await using var upstream = RawUpstream.Start(async peer =>
        {
            await peer.ReadHeadAsync();
            await peer.SendAsync("HTTP/1.0 200 OK\r\n\r\npart one, ");
            await peer.SendAsync("part two");
        });
        await using var gateway = await TestGateway.StartAsync(upstream.Backend);

        var first = await gateway.Client.GetStringAsync(new Uri("/", UriKind.Relative), TestContext.Current.CancellationToken);
        var second = await gateway.Client.GetStringAsync(new Uri("/", UriKind.Relative), TestContext.Current.CancellationToken);

        Assert.Equal("part one, part two", first);
        Assert.Equal("part one, part two", second);
        Assert.Equal(2, upstream.Connections);
    }

    [Fact]
    public async Task Response_EarlyRefusalWhileTheBodyIsSent_ReachesTheClient()
    {
        await using var upstream = RawUpstream.Start(async peer =>
        {
            await peer.ReadHeadAsync();
            await peer.SendAsync("HTTP/1.1 413 Content Too Large\r\nContent-Length: 3\r\nConnection: close\r\n\r\nbig");
        });
        await using var gateway = await TestGateway.StartAsync(upstream.Backend);
        using var client = await RawPeer.ConnectAsync(gateway.Address.Port);

        await client.SendAsync("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1000000\r\n\r\n" + new string('x', 1000));
        var (head, body) = await client.ReadResponseAsync();

        Assert.StartsWith("HTTP/1.1 413 ", head, StringComparison.Ordinal);
        Assert.Equal("big", body);
    }

    [Fact]
    public async Task Request_IdempotentOnAConnectionThatJustClosed_IsSentOnceMore()
    {
        await using var upstream = RawUpstream.Start(async (peer, number) =>
        {
            await peer.ReadHeadAsync();
            await peer.SendAsync(Good);
            if (number == 1)
            {
                // Reads the next request and closes without an answer, as a server does whose keep-alive time ran out.
                await peer.ReadHeadAsync();
                return;
            }

            await peer.ReadToEndAsync();
        });
        await using var gateway = await TestGateway.StartAsync(upstream.Backend);
        using var client = await RawPeer.ConnectAsync(gateway.Address.Port);

        await client.SendAsync("GET /1 HTTP/1.1\r\nHost: a\r\n\r\n");
        await client.ReadResponseAsync();
        await client.SendAsync("GET /2 HTTP/1.1\r\nHost: a\r\n\r\n");
        var (head, _) = await client.ReadResponseAsync();

        Assert.StartsWith("HTTP/1.1 200 ", head, StringComparison.Ordinal);
        Assert.Equal(2, upstream.Connections);
    }

    [Fact]
    public async Task Request_PostOnAConnectionThatJustClosed_IsNotSentTwice()
    {
        var posts = 0;
        await using var upstream = RawUpstream.Start(async peer =>
        {
            // An answer without a body reaches the client when the connection is free for the next request.
            await peer.ReadHeadAsync();
            await peer.SendAsync("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
            await peer.ReadHeadAsync();
            Interlocked.Increment(ref posts);
        });
        await using var gateway = await TestGateway.StartAsync(upstream.Backend);
        using var client = await RawPeer.ConnectAsync(gateway.Address.Port);

        await client.SendAsync("GET /1 HTTP/1.1\r\nHost: a\r\n\r\n");
        await client.ReadResponseAsync();
        await client.SendAsync("POST /2 HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\nhi");
        var (head, _) = await client.ReadResponseAsync();

        Assert.StartsWith("HTTP/1.1 503 ", head, StringComparison.Ordinal);
        Assert.Equal(1, posts);
        Assert.Equal(1, upstream.Connections);
    }
}
