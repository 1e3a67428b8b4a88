using System.Globalization;
using System.Net;
using System.Text;
using Xunit;

namespace AgentGateway.Tests.Proxy.Backends;

/// <summary>Bodies, trailers, events and upgrades pass through untouched, when they come.</summary>
public sealed class PassThroughTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(10_000)]
    [InlineData(300_000)]
    public async Task Request_BodyWithLength_ArrivesWhole(int length)
    {
        var body = new string('b', length);
        var seen = new TaskCompletionSource<string>();
        await using var upstream = RawUpstream.Start(async peer =>
        {
            var head = await peer.ReadHeadAsync();
            seen.TrySetResult(head + await peer.ReadBytesAsync(length));
            await peer.SendAsync("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
            await peer.ReadToEndAsync();
        });
        await using var gateway = await TestGateway.StartAsync(upstream.Backend);
        using var client = await RawPeer.ConnectAsync(gateway.Address.Port);

        await client.SendAsync($"POST /in HTTP/1.1\r\nHost: a\r\nContent-Length: {length}\r\n\r\n{body}");
        var (_, answer) = await client.ReadResponseAsync();

        Assert.Equal("ok", answer);
        var request = await seen.Task;
        Assert.Contains($"Content-Length: {length}\r\n", request, StringComparison.Ordinal);
        Assert.DoesNotContain("Transfer-Encoding", request, StringComparison.Ordinal);
        Assert.EndsWith("\r\n\r\n" + body, request, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Request_ChunkedBodyWithTrailers_IsPassedPieceByPiece()
    {
        var pieces = System.Threading.Channels.Channel.CreateUnbounded<string>();
        await using var upstream = RawUpstream.Start(async peer =>
        {
            await pieces.Writer.WriteAsync(await peer.ReadHeadAsync());
            await pieces.Writer.WriteAsync(await peer.ReadUntilAsync("one\r\n"));
            await pieces.Writer.WriteAsync(await peer.ReadUntilAsync("\r\n\r\n"));
            await peer.SendAsync("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
            await peer.ReadToEndAsync();
        });
        await using var gateway = await TestGateway.StartAsync(upstream.Backend);
        using var client = await RawPeer.ConnectAsync(gateway.Address.Port);

        await client.SendAsync("POST /in HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\nTrailer: X-Sum\r\n\r\n3\r\none\r\n");
        var head = await pieces.Reader.ReadAsync(TestContext.Current.CancellationToken);
        var first = await pieces.Reader.ReadAsync(TestContext.Current.CancellationToken);
        await client.SendAsync("3\r\ntwo\r\n0\r\nX-Sum: 9\r\n\r\n");
        var rest = await pieces.Reader.ReadAsync(TestContext.Current.CancellationToken);
        var (_, answer) = await client.ReadResponseAsync();

        Assert.Contains("Transfer-Encoding: chunked\r\n", head, StringComparison.Ordinal);
        Assert.Contains("Trailer: X-Sum\r\n", head, StringComparison.Ordinal);
        Assert.DoesNotContain("Content-Length", head, StringComparison.Ordinal);
        Assert.Equal("3\r\none\r\n", first);
        Assert.Equal("3\r\ntwo\r\n0\r\nX-Sum: 9\r\n\r\n", rest);
        Assert.Equal("ok", answer);
    }

    [Fact]
    public async Task Response_EventStream_EveryEventPassesBeforeTheNextIsMade()
    {
        var next = new SemaphoreSlim(0);
        await using var upstream = RawUpstream.Start(async peer =>
        {
            await peer.ReadHeadAsync();
            await peer.SendAsync("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n");
            for (var i = 0; i < 3; i++)
            {
                await next.WaitAsync(TestContext.Current.CancellationToken);
                await peer.SendAsync($"9\r\ndata: {i}\n\n\r\n");
            }

            await peer.SendAsync("0\r\n\r\n");
            await peer.ReadToEndAsync();
        });
        await using var gateway = await TestGateway.StartAsync(upstream.Backend);
        using var client = await RawPeer.ConnectAsync(gateway.Address.Port);

        await client.SendAsync("GET /events HTTP/1.1\r\nHost: a\r\n\r\n");
        var head = await client.ReadHeadAsync();
        for (var i = 0; i < 3; i++)
        {
            next.Release();
            await client.ReadUntilAsync($"data: {i}\n\n\r\n");
        }

        Assert.Contains("text/event-stream", head, StringComparison.Ordinal);
        Assert.Equal("0\r\n\r\n", await client.ReadUntilAsync("0\r\n\r\n"));
    }

    [Fact]
    public async Task Response_LargeBody_ArrivesWhole()
    {
        const int Length = 8 * 1024 * 1024;
        await using var upstream = RawUpstream.Start(async peer =>
        {
            await peer.ReadHeadAsync();
            await peer.SendAsync($"HTTP/1.1 200 OK\r\nContent-Length: {Length}\r\n\r\n" + new string('z', Length));
            await peer.ReadToEndAsync();
        });
        await using var gateway = await TestGateway.StartAsync(upstream.Backend);

        var body = await gateway.Client.GetByteArrayAsync(new Uri("/", UriKind.Relative), TestContext.Current.CancellationToken);

        Assert.Equal(Length, body.Length);
        Assert.False(body.AsSpan().ContainsAnyExcept((byte)'z'));
    }

    [Fact]
    public async Task Response_ClientThatDoesNotRead_HoldsTheUpstreamBack()
    {
        const int Most = 256 * 1024 * 1024;
        var stuck = new TaskCompletionSource<int>();
        await using var upstream = RawUpstream.Start(async peer =>
        {
            await peer.ReadHeadAsync();
            await peer.SendAsync($"HTTP/1.1 200 OK\r\nContent-Length: {Most}\r\n\r\n");
            var block = new byte[256 * 1024];
            for (var written = 0; written < Most; written += block.Length)
            {
                var sending = peer.SendAsync(block);
                if (await Task.WhenAny(sending, Task.Delay(TimeSpan.FromSeconds(1), TestContext.Current.CancellationToken)) != sending)
                {
                    stuck.SetResult(written);
                    await sending;
                }
            }

            stuck.TrySetResult(Most);
        });
        await using var gateway = await TestGateway.StartAsync(upstream.Backend);
        using var client = await RawPeer.ConnectAsync(gateway.Address.Port);

        await client.SendAsync("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
        var written = await stuck.Task;

        Assert.InRange(written, 0, Most / 4);
    }

    [Fact]
    public async Task Response_TrailersForAClientThatAskedForThem_FollowTheBody()
    {
        await using var upstream = RawUpstream.Answering("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nTrailer: X-Sum\r\n\r\n4\r\nbody\r\n0\r\nX-Sum: 7\r\n\r\n");
        await using var gateway = await TestGateway.StartAsync(upstream.Backend);
        using var client = await RawPeer.ConnectAsync(gateway.Address.Port);

        await client.SendAsync("GET / HTTP/1.1\r\nHost: a\r\nTE: trailers\r\nConnection: TE\r\n\r\n");
        await client.ReadHeadAsync();
        var first = await client.ReadUntilAsync("0\r\nX-Sum: 7\r\n\r\n");
        await client.SendAsync("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
        var head = await client.ReadHeadAsync();

        Assert.Equal("4\r\nbody\r\n0\r\nX-Sum: 7\r\n\r\n", first);
        Assert.StartsWith("HTTP/1.1 200 ", head, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Request_ExpectContinue_WaitsForTheUpstream()
    {
        var seen = new TaskCompletionSource<string>();
        await using var upstream = RawUpstream.Start(async peer =>
        {
            seen.TrySetResult(await peer.ReadHeadAsync());
            await peer.SendAsync("HTTP/1.1 100 Continue\r\n\r\n");
            var body = await peer.ReadBytesAsync(4);
            await peer.SendAsync($"HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\n{body}");
            await peer.ReadToEndAsync();
        });
        await using var gateway = await TestGateway.StartAsync(upstream.Backend);
        using var client = await RawPeer.ConnectAsync(gateway.Address.Port);

        await client.SendAsync("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\nExpect: 100-continue\r\n\r\n");
        var interim = await client.ReadHeadAsync();
        await client.SendAsync("data");
        var (head, body) = await client.ReadResponseAsync();

        Assert.Contains("Expect: 100-continue\r\n", await seen.Task, StringComparison.Ordinal);
        Assert.Equal("HTTP/1.1 100 Continue\r\n\r\n", interim);
        Assert.StartsWith("HTTP/1.1 200 ", head, StringComparison.Ordinal);
        Assert.Equal("data", body);
    }

    [Fact]
    public async Task Request_ExpectContinueRefused_TheBodyIsNeverAskedFor()
    {
        await using var upstream = RawUpstream.Start(async peer =>
        {
            await peer.ReadHeadAsync();
            await peer.SendAsync("HTTP/1.1 417 Expectation Failed\r\nContent-Length: 2\r\n\r\nno");
            await peer.ReadToEndAsync();
        });
        await using var gateway = await TestGateway.StartAsync(upstream.Backend);
        using var client = await RawPeer.ConnectAsync(gateway.Address.Port);

        await client.SendAsync("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\nExpect: 100-continue\r\n\r\n");
        var (head, body) = await client.ReadResponseAsync();

        Assert.StartsWith("HTTP/1.1 417 ", head, StringComparison.Ordinal);
        Assert.Contains("\r\nConnection: close\r\n", head, StringComparison.Ordinal);
        Assert.Equal("no", body);
    }

    [Fact]
    public async Task Upgrade_WebSocket_BytesPassBothWays()
    {
        await using var upstream = RawUpstream.Start(async peer =>
        {
            var head = await peer.ReadHeadAsync();
            Assert.Contains("Connection: Upgrade\r\nUpgrade: websocket\r\n", head, StringComparison.Ordinal);
            Assert.Contains("Sec-WebSocket-Key: abc\r\n", head, StringComparison.Ordinal);
            await peer.SendAsync("HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Accept: xyz\r\n\r\nhello");
            await peer.SendAsync("echo:" + await peer.ReadBytesAsync(4));
        });
        await using var gateway = await TestGateway.StartAsync(upstream.Backend);
        using var client = await RawPeer.ConnectAsync(gateway.Address.Port);

        await client.SendAsync("GET /ws HTTP/1.1\r\nHost: a\r\nConnection: keep-alive, Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: abc\r\n\r\n");
        var head = await client.ReadHeadAsync();
        var greeting = await client.ReadBytesAsync(5);
        await client.SendAsync("ping");
        var rest = await client.ReadToEndAsync();

        Assert.StartsWith("HTTP/1.1 101 ", head, StringComparison.Ordinal);
        Assert.Contains("Upgrade: websocket\r\n", head, StringComparison.Ordinal);
        Assert.Contains("Sec-WebSocket-Accept: xyz\r\n", head, StringComparison.Ordinal);
        Assert.Equal("hello", greeting);
        Assert.Equal("echo:ping", rest);
    }

    [Fact]
    public async Task Upgrade_Refused_TheAnswerPasses()
    {
        await using var upstream = RawUpstream.Answering("HTTP/1.1 403 Forbidden\r\nContent-Length: 2\r\n\r\nno");
        await using var gateway = await TestGateway.StartAsync(upstream.Backend);
        using var client = await RawPeer.ConnectAsync(gateway.Address.Port);

        await client.SendAsync("GET /ws HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n");
        var (head, body) = await client.ReadResponseAsync();

        Assert.StartsWith("HTTP/1.1 403 ", head, StringComparison.Ordinal);
        Assert.Equal("no", body);
    }

    [Fact]
    public async Task Request_Http2Client_ReachesAnHttp11Upstream()
    {
        var seen = new TaskCompletionSource<string>();
        await using var upstream = RawUpstream.Start(async peer =>
        {
            var head = await peer.ReadHeadAsync();
            seen.TrySetResult(head + await peer.ReadUntilAsync("0\r\n\r\n"));
            await peer.SendAsync("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\nX-Sum: 7\r\n\r\n");
            await peer.ReadToEndAsync();
        });
        await using var gateway = await TestGateway.StartAsync(upstream.Backend);
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(gateway.Address, "/h2"))
        {
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Content = new StreamContent(new MemoryStream(Encoding.ASCII.GetBytes("body"))),
        };
        request.Content.Headers.ContentLength = null;

        using var response = await gateway.Client.SendAsync(request, TestContext.Current.CancellationToken);
        var body = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);

        Assert.Equal(HttpVersion.Version20, response.Version);
        Assert.Equal("ok", body);
        Assert.Equal("7", response.TrailingHeaders.GetValues("X-Sum").Single());
        Assert.Contains($"Host: 127.0.0.1:{gateway.Address.Port}\r\n", await seen.Task, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Client_GoesAway_TheUpstreamIsClosed()
    {
        var closed = new TaskCompletionSource<string>();
        var arrived = new TaskCompletionSource();
        await using var upstream = RawUpstream.Start(async peer =>
        {
            await peer.ReadHeadAsync();
            arrived.SetResult();
            closed.TrySetResult(await peer.ReadToEndAsync());
        });
        await using var gateway = await TestGateway.StartAsync(upstream.Backend);

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
        await using var upstream = RawUpstream.Start(async peer =>
        {
            await peer.ReadUntilAsync("part\r\n");
            begun.SetResult();
            seen.TrySetResult(await peer.ReadToEndAsync());
        });
        await using var gateway = await TestGateway.StartAsync(upstream.Backend);

        using (var client = await RawPeer.ConnectAsync(gateway.Address.Port))
        {
            await client.SendAsync("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n4\r\npart\r\n");
            await begun.Task;
        }

        Assert.DoesNotContain("0\r\n\r\n", await seen.Task.WaitAsync(TimeSpan.FromSeconds(60), TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Request_MalformedChunksFromTheClient_Answers400AndCutsTheUpstream()
    {
        var seen = new TaskCompletionSource<string>();
        var begun = new TaskCompletionSource();
        await using var upstream = RawUpstream.Start(async peer =>
        {
            await peer.ReadUntilAsync("part\r\n");
            begun.SetResult();
            seen.TrySetResult(await peer.ReadToEndAsync());
        });
        await using var gateway = await TestGateway.StartAsync(upstream.Backend);
        using var client = await RawPeer.ConnectAsync(gateway.Address.Port);

        await client.SendAsync("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n4\r\npart\r\n");
        await begun.Task;
        await client.SendAsync("xyz\r\n");
        var head = await client.ReadHeadAsync();

        Assert.StartsWith("HTTP/1.1 400 ", head, StringComparison.Ordinal);
        Assert.DoesNotContain("0\r\n\r\n", await seen.Task.WaitAsync(TimeSpan.FromSeconds(60), TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Requests_ManyAtOnceOverSharedConnections_EachGetsItsOwnAnswer()
    {
        await using var upstream = RawUpstream.Start(async peer =>
        {
            while (true)
            {
                var head = await peer.ReadHeadAsync();
                var id = head[5..head.IndexOf(' ', 5)];
                var size = int.Parse(id, CultureInfo.InvariantCulture) % 7 * 3000;
                var body = id + ":" + new string('x', size);
                await peer.SendAsync(size % 2 == 0
                    ? $"HTTP/1.1 200 OK\r\nX-Id: {id}\r\nContent-Length: {body.Length}\r\n\r\n{body}"
                    : $"HTTP/1.1 200 OK\r\nX-Id: {id}\r\nTransfer-Encoding: chunked\r\n\r\n{body.Length:x}\r\n{body}\r\n0\r\n\r\n");
            }
        });
        await using var gateway = await TestGateway.StartAsync(upstream.Backend);

        await Parallel.ForAsync(0, 400, new ParallelOptions { MaxDegreeOfParallelism = 16, CancellationToken = TestContext.Current.CancellationToken }, async (i, cancellationToken) =>
        {
            using var response = await gateway.Client.GetAsync(new Uri($"/{i}", UriKind.Relative), cancellationToken);
            var body = await response.Content.ReadAsStringAsync(cancellationToken);
            Assert.Equal(i.ToString(CultureInfo.InvariantCulture), response.Headers.GetValues("X-Id").Single());
            Assert.Equal($"{i}:" + new string('x', i % 7 * 3000), body);
        });

        // A client may send its next request while the connection of its last one is on its way back, so there may be a few more than clients.
        Assert.InRange(upstream.Connections, 1, 100);
    }

    [Fact]
    public async Task Requests_Pipelined_AreAnsweredInOrder()
    {
        await using var upstream = RawUpstream.Start(async peer =>
        {
            while (true)
            {
                var head = await peer.ReadHeadAsync();
                await peer.SendAsync($"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{head.AsSpan(4, 2)}");
            }
        });
        await using var gateway = await TestGateway.StartAsync(upstream.Backend);
        using var client = await RawPeer.ConnectAsync(gateway.Address.Port);

        await client.SendAsync(string.Concat(Enumerable.Range(1, 3).Select(i => $"GET /{i} HTTP/1.1\r\nHost: a\r\n\r\n")));

        Assert.Equal("/1", (await client.ReadResponseAsync()).Body);
        Assert.Equal("/2", (await client.ReadResponseAsync()).Body);
        Assert.Equal("/3", (await client.ReadResponseAsync()).Body);
    }
}
