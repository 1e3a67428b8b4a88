using System.Net;
using System.Security.Cryptography.X509Certificates;
using AgentGateway.Tests.Proxy.Listeners;
using AgentGateway.Tests.Proxy.Policies;
using Xunit;

namespace AgentGateway.Tests.Proxy.Backends.Http1;

/// <summary>HTTP/1.1 with upstreams behind TLS: what holds without TLS holds with it.</summary>
public sealed class SecureUpstreamTests : IDisposable
{
    private const string Tls = "{backendTLS: {insecure: true}}";
    private const string Good = "HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\ngood";

    private readonly TestCertificates _certificates = new();
    private readonly X509Certificate2 _certificate;

    public SecureUpstreamTests() => _certificate = _certificates.Client("upstream.example");

    [Theory]
    [InlineData("413 Content Too Large", "Connection: close\r\n", true)]
    [InlineData("413 Content Too Large", "Connection: close\r\n", false)]
    [InlineData("401 Unauthorized", "", false)]
    [InlineData("429 Too Many Requests", "Retry-After: 1\r\n", true)]
    public async Task Response_EarlyRefusalWhileTheBodyIsSent_ReachesTheClient(string status, string fields, bool closes)
    {
        await using var upstream = Secure(async peer =>
        {
            await peer.ReadHeadAsync();
            await peer.SendAsync($"HTTP/1.1 {status}\r\nContent-Length: 3\r\n{fields}\r\nbig");
            if (!closes)
            {
                await peer.ReadToEndAsync();
            }
        });
        await using var gateway = await StartAsync(upstream);

        var (head, body) = await gateway.SendRawAsync("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1000000\r\n\r\n" + new string('x', 1000));

        Assert.StartsWith($"HTTP/1.1 {status[..4]}", head, StringComparison.Ordinal);
        Assert.Equal("big", body);
    }

    [Fact]
    public async Task Response_EarlyRefusalOfABodyThatNobodyReads_ReachesTheClient()
    {
        var answered = new TaskCompletionSource();
        var cut = new TaskCompletionSource<int>();
        await using var upstream = Secure(async peer =>
        {
            await peer.ReadHeadAsync();
            await peer.SendAsync("HTTP/1.1 413 Content Too Large\r\nContent-Length: 3\r\n\r\nbig");

            // Until then it takes no more than what fits into the sockets.
            await answered.Task;
            cut.SetResult((await peer.ReadToEndAsync()).Length);
        });
        await using var gateway = await StartAsync(upstream);

        await AssertRefusedEarlyAsync(gateway, async () =>
        {
            answered.SetResult();
            Assert.InRange(await cut.Task.WaitAsync(TimeSpan.FromSeconds(60), TestContext.Current.CancellationToken), 0, 19_999_999);
        });
    }

    [Fact]
    public async Task Response_EarlyRefusalOfAnUpstreamThatClosesOnTheBody_ReachesTheClient()
    {
        await using var upstream = Secure(async peer =>
        {
            // What it has not read makes its operating system reset the connection.
            await peer.ReadHeadAsync();
            await peer.SendAsync("HTTP/1.1 413 Content Too Large\r\nContent-Length: 3\r\nConnection: close\r\n\r\nbig");
        });
        await using var gateway = await StartAsync(upstream);

        await AssertRefusedEarlyAsync(gateway, () => Task.CompletedTask);
    }

    [Fact]
    public async Task Request_ChunkedBodyWithTrailers_IsPassedPieceByPiece()
    {
        var pieces = System.Threading.Channels.Channel.CreateUnbounded<string>();
        await using var upstream = Secure(async peer =>
        {
            await pieces.Writer.WriteAsync(await peer.ReadHeadAsync());
            await pieces.Writer.WriteAsync(await peer.ReadUntilAsync("one\r\n"));
            await pieces.Writer.WriteAsync(await peer.ReadUntilAsync("\r\n\r\n"));
            await peer.SendAsync(Good);
            await peer.ReadToEndAsync();
        });
        await using var gateway = await StartAsync(upstream);
        using var client = await RawPeer.ConnectAsync(gateway.Address.Port);

        await client.SendAsync("POST /in HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\nTrailer: X-Sum\r\n\r\n3\r\none\r\n");
        var head = await pieces.Reader.ReadAsync(TestContext.Current.CancellationToken);
        var first = await pieces.Reader.ReadAsync(TestContext.Current.CancellationToken);
        await client.SendAsync("3\r\ntwo\r\n0\r\nX-Sum: 9\r\n\r\n");
        var rest = await pieces.Reader.ReadAsync(TestContext.Current.CancellationToken);
        var (_, answer) = await client.ReadResponseAsync();

        Assert.Contains("Trailer: X-Sum\r\n", head, StringComparison.Ordinal);
        Assert.Equal("3\r\none\r\n", first);
        Assert.Equal("3\r\ntwo\r\n0\r\nX-Sum: 9\r\n\r\n", rest);
        Assert.Equal("good", answer);
    }

    [Fact]
    public async Task Request_ExpectContinue_WaitsForTheUpstream()
    {
        await using var upstream = Secure(async peer =>
        {
            await peer.ReadHeadAsync();
            await peer.SendAsync("HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\nHTTP/1.1 100 Continue\r\n\r\n");
            await peer.SendAsync($"HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\n{await peer.ReadBytesAsync(4)}");
            await peer.ReadToEndAsync();
        });
        await using var gateway = await StartAsync(upstream);
        using var client = await RawPeer.ConnectAsync(gateway.Address.Port);

        await client.SendAsync("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\nExpect: 100-continue\r\n\r\n");
        var interim = await client.ReadHeadAsync();
        await client.SendAsync("data");
        var (_, body) = await client.ReadResponseAsync();

        Assert.Equal("HTTP/1.1 100 Continue\r\n\r\n", interim);
        Assert.Equal("data", body);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(100_000)]
    [InlineData(8_000_000)]
    public async Task Bodies_BothWays_ArriveWhole(int length)
    {
        await using var upstream = Secure(async peer =>
        {
            await peer.ReadHeadAsync();
            var body = await peer.ReadBytesAsync(length);
            await peer.SendAsync($"HTTP/1.1 200 OK\r\nContent-Length: {length}\r\n\r\n{body}");
            await peer.ReadToEndAsync();
        });
        await using var gateway = await StartAsync(upstream);
        var body = new byte[length];
        new Random(length).NextBytes(body);

        using var response = await gateway.Client.PostAsync(new Uri("/", UriKind.Relative), new ByteArrayContent(body), TestContext.Current.CancellationToken);

        var received = await response.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken);
        Assert.True(body.AsSpan().SequenceEqual(received));
    }

    [Theory]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\ngoodHTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nevil")]
    [InlineData("HTTP/1.1 204 No Content\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nevil")]
    [InlineData("HTTP/1.1 304 Not Modified\r\nContent-Length: 4\r\n\r\nevil")]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\ngood\r\n0\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nevil")]
    public async Task Response_BytesBehindItsEnd_NeverReachTheNextRequest(string response)
    {
        await using var upstream = Secure(async (peer, number) =>
        {
            await peer.ReadHeadAsync();
            await peer.SendAsync(number == 1 ? response : Good);
            await peer.ReadToEndAsync();
        });
        await using var gateway = await StartAsync(upstream);
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
    public async Task Connection_WithSessionTickets_IsUsedAgain()
    {
        await using var upstream = Secure(async peer =>
        {
            while (true)
            {
                await peer.ReadHeadAsync();
                await peer.SendAsync("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
            }
        });
        await using var gateway = await StartAsync(upstream);
        using var client = await RawPeer.ConnectAsync(gateway.Address.Port);

        for (var i = 0; i < 5; i++)
        {
            // An answer without a body reaches the client when the connection is free for the next request.
            await client.SendAsync("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n\r\n");
            Assert.StartsWith("HTTP/1.1 200 ", await client.ReadHeadAsync(), StringComparison.Ordinal);
        }

        Assert.Equal(1, upstream.Connections);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Connection_ClosedWhileIdle_TheNextRequestGetsAnother(bool announced)
    {
        await using var upstream = Secure(async peer =>
        {
            await peer.ReadHeadAsync();
            await peer.SendAsync(Good);
            if (announced)
            {
                await peer.EndSendingAsync();
            }
        });
        await using var gateway = await StartAsync(upstream);

        for (var i = 1; i <= 3; i++)
        {
            Assert.Equal("good", await gateway.Client.GetStringAsync(new Uri("/", UriKind.Relative), TestContext.Current.CancellationToken));
            Assert.Equal(i, upstream.Connections);
        }
    }

    [Fact]
    public async Task Request_PostOnAConnectionThatJustClosed_IsNotSentTwice()
    {
        var posts = 0;
        await using var upstream = Secure(async peer =>
        {
            await peer.ReadHeadAsync();
            await peer.SendAsync("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
            await peer.ReadHeadAsync();
            Interlocked.Increment(ref posts);
        });
        await using var gateway = await StartAsync(upstream);
        using var client = await RawPeer.ConnectAsync(gateway.Address.Port);

        await client.SendAsync("GET /1 HTTP/1.1\r\nHost: a\r\n\r\n");
        await client.ReadResponseAsync();
        await client.SendAsync("POST /2 HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\nhi");
        var (head, _) = await client.ReadResponseAsync();

        Assert.StartsWith("HTTP/1.1 503 ", head, StringComparison.Ordinal);
        Assert.Equal(1, posts);
        Assert.Equal(1, upstream.Connections);
    }

    [Fact]
    public async Task Request_OnTheFirstConnectionThatClosesWithoutAnAnswer_IsNotSentTwice()
    {
        await using var upstream = Secure(peer => peer.ReadHeadAsync());
        await using var gateway = await StartAsync(upstream);

        var (head, body) = await gateway.SendRawAsync("GET / HTTP/1.1\r\nHost: a\r\n\r\n");

        Assert.StartsWith("HTTP/1.1 503 ", head, StringComparison.Ordinal);
        Assert.StartsWith("upstream call failed: connection ", body, StringComparison.Ordinal);
        Assert.Equal(1, upstream.Connections);
    }

    [Fact]
    public async Task Response_UntilTheConnectionEndsUnannounced_IsPassedWhole()
    {
        await using var upstream = Secure(async peer =>
        {
            await peer.ReadHeadAsync();
            await peer.SendAsync("HTTP/1.1 200 OK\r\n\r\npart one, ");
            await peer.SendAsync("part two");
        });
        await using var gateway = await StartAsync(upstream);

        Assert.Equal("part one, part two", await gateway.Client.GetStringAsync(new Uri("/", UriKind.Relative), TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Response_ThatBreaksOff_NeverLooksWhole()
    {
        await using var upstream = Secure(async peer =>
        {
            await peer.ReadHeadAsync();
            await peer.SendAsync("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nonly a part");
            await peer.EndSendingAsync();
        });
        await using var gateway = await StartAsync(upstream);
        using var client = await RawPeer.ConnectAsync(gateway.Address.Port);

        await client.SendAsync("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
        var all = await client.ReadToEndAsync();

        Assert.False(all.StartsWith("HTTP/1.1 200", StringComparison.Ordinal) && all.Contains("Content-Length: 11\r\n", StringComparison.Ordinal), all);
    }

    [Fact]
    public async Task Upgrade_WebSocket_BytesPassBothWays()
    {
        await using var upstream = Secure(async peer =>
        {
            await peer.ReadHeadAsync();
            await peer.SendAsync("HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\nhello");
            await peer.SendAsync("echo:" + await peer.ReadBytesAsync(4));
        });
        await using var gateway = await StartAsync(upstream);
        using var client = await RawPeer.ConnectAsync(gateway.Address.Port);

        await client.SendAsync("GET /ws HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n");
        var head = await client.ReadHeadAsync();
        var greeting = await client.ReadBytesAsync(5);
        await client.SendAsync("ping");
        var rest = await client.ReadToEndAsync();

        Assert.StartsWith("HTTP/1.1 101 ", head, StringComparison.Ordinal);
        Assert.Equal("hello", greeting);
        Assert.Equal("echo:ping", rest);
    }

    [Fact]
    public async Task Client_GoesAway_TheUpstreamIsClosed()
    {
        var closed = new TaskCompletionSource<string>();
        var arrived = new TaskCompletionSource();
        await using var upstream = Secure(async peer =>
        {
            await peer.ReadHeadAsync();
            arrived.SetResult();
            closed.TrySetResult(await peer.ReadToEndAsync());
        });
        await using var gateway = await StartAsync(upstream);

        using (var client = await RawPeer.ConnectAsync(gateway.Address.Port))
        {
            await client.SendAsync("GET /never HTTP/1.1\r\nHost: a\r\n\r\n");
            await arrived.Task;
        }

        Assert.Equal("", await closed.Task.WaitAsync(TimeSpan.FromSeconds(60), TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Client_BreaksOffItsBody_TheUpstreamSeesABrokenRequest()
    {
        var seen = new TaskCompletionSource<string>();
        var begun = new TaskCompletionSource();
        await using var upstream = Secure(async peer =>
        {
            await peer.ReadUntilAsync("part\r\n");
            begun.SetResult();
            seen.TrySetResult(await peer.ReadToEndAsync());
        });
        await using var gateway = await StartAsync(upstream);

        using (var client = await RawPeer.ConnectAsync(gateway.Address.Port))
        {
            await client.SendAsync("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n4\r\npart\r\n");
            await begun.Task;
        }

        Assert.DoesNotContain("0\r\n\r\n", await seen.Task.WaitAsync(TimeSpan.FromSeconds(60), TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Response_WhatIsNoTlsAnyMore_Answers503()
    {
        await using var upstream = Secure(async peer =>
        {
            await peer.ReadHeadAsync();
            await peer.Socket.SendAsync("HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nevil"u8.ToArray());
            await peer.ReadToEndAsync();
        });
        await using var gateway = await StartAsync(upstream);

        var (head, body) = await gateway.SendRawAsync("GET / HTTP/1.1\r\nHost: a\r\n\r\n");

        Assert.StartsWith("HTTP/1.1 503 ", head, StringComparison.Ordinal);
        Assert.Equal("upstream call failed: connection broke: connection aborted", body);
    }

    [Theory]
    [InlineData("")]
    [InlineData("http: {version: '1.1'}, ")]
    public async Task Handshake_ThatStalls_TimesOut(string version)
    {
        await using var upstream = RawUpstream.Start(async peer => await peer.ReadToEndAsync());
        await using var gateway = await ConfiguredRoute.StartAsync(upstream.Port, "{}", $"{{backendTLS: {{insecure: true}}, {version}tcp: {{keepalives: {{}}, connectTimeout: 200ms}}}}");

        using var answer = await gateway.Client.GetAsync(new Uri("/", UriKind.Relative), TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.StatusCode);
        Assert.Equal("upstream call failed: connect timed out", await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
    }

    public void Dispose()
    {
        _certificate.Dispose();
        _certificates.Dispose();
    }

    // Sends far more than the sockets hold, and gets the refusal all the same.
    private static async Task AssertRefusedEarlyAsync(TestGateway gateway, Func<Task> then)
    {
        using var client = await RawPeer.ConnectAsync(gateway.Address.Port);

        var sending = client.SendWhileTakenAsync($"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 20000000\r\n\r\n{new string('x', 20_000_000)}");
        var (head, body) = await client.ReadResponseAsync();

        Assert.StartsWith("HTTP/1.1 413 ", head, StringComparison.Ordinal);
        Assert.Equal("big", body);
        await then();
        client.Dispose();
        await sending;
    }

    private static Task<TestGateway> StartAsync(RawUpstream upstream) => ConfiguredRoute.StartAsync(upstream.Port, "{}", Tls);

    private RawUpstream Secure(Func<RawPeer, Task> script) => RawUpstream.StartSecure(_certificate, script);

    private RawUpstream Secure(Func<RawPeer, int, Task> script) => RawUpstream.StartSecure(_certificate, script);
}
