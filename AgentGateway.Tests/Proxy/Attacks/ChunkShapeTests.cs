using System.Net.Sockets;
using AgentGateway.Tests.Proxy.Backends;
using Xunit;

namespace AgentGateway.Tests.Proxy.Attacks;

/// <summary>Chunked bodies of HTTP/1.1 clients that break the rules, and trailers that would change the request.</summary>
public sealed class ChunkShapeTests
{
    [Theory]
    [InlineData("zz\r\nabc\r\n0\r\n\r\n")]
    [InlineData("3\nabc\r\n0\r\n\r\n")]
    [InlineData("3\r\nabcd\r\n0\r\n\r\n")]
    [InlineData("-1\r\nabc\r\n0\r\n\r\n")]
    [InlineData("0x3\r\nabc\r\n0\r\n\r\n")]
    [InlineData("fffffffffffffffff\r\nabc\r\n0\r\n\r\n")]
    [InlineData("5 \r\nhello\r\n0\r\n\r\n")]
    [InlineData("+5\r\nhello\r\n0\r\n\r\n")]
    [InlineData("5\nhello\n0\n\n")]
    [InlineData("5\r\nhello\r\nzz\r\n\r\n")]
    [InlineData("\r\nhello\r\n0\r\n\r\n")]
    [InlineData("5;a=\"\n\"\r\nhello\r\n0\r\n\r\n")]
    public async Task Chunks_Malformed_AreAnsweredWith400AndNeverLookWholeToTheUpstream(string body)
    {
        var seen = new TaskCompletionSource<string>();
        await using var upstream = RawUpstream.Start(async peer => seen.TrySetResult(await peer.ReadToEndAsync()));
        await using var gateway = await TestGateway.StartAsync(upstream.Backend);
        using var client = await RawPeer.ConnectAsync(gateway.Address.Port);

        await client.SendAsync("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n" + body + "GET /smuggled HTTP/1.1\r\nHost: a\r\n\r\n");
        var answer = await client.ReadToEndAsync();

        Assert.StartsWith("HTTP/1.1 400 ", answer, StringComparison.Ordinal);
        Assert.Equal(1, answer.Split("HTTP/1.1 ").Length - 1);
        var sent = upstream.Connections > 0 ? await seen.Task : "";
        Assert.DoesNotContain("0\r\n\r\n", sent, StringComparison.Ordinal);
        Assert.DoesNotContain("smuggled", sent, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Chunk_OfTwoGigabytesThatEndsEarly_NeverLooksWholeToTheUpstream()
    {
        var seen = new TaskCompletionSource<string>();
        await using var upstream = RawUpstream.Start(async peer => seen.TrySetResult(await peer.ReadToEndAsync()));
        await using var gateway = await TestGateway.StartAsync(upstream.Backend);
        using var client = await RawPeer.ConnectAsync(gateway.Address.Port);

        // It is large, not wrong; ending before its end is.
        await client.SendAsync("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n80000000\r\nhello\r\n0\r\n\r\nGET /smuggled HTTP/1.1\r\nHost: a\r\n\r\n");
        client.Socket.Shutdown(SocketShutdown.Send);
        var answer = await client.ReadToEndAsync();

        // Whether the end of the client's side or the missing chunk is seen first decides if there is an answer; there is never a second one.
        Assert.True(answer.Length == 0 || answer.StartsWith("HTTP/1.1 400 ", StringComparison.Ordinal), answer);
        Assert.True(answer.Split("HTTP/1.1 ").Length <= 2, answer);
        var sent = upstream.Connections > 0 ? await seen.Task : "";
        Assert.DoesNotContain("smuggled", sent, StringComparison.Ordinal);
        Assert.False(sent.EndsWith("\r\n0\r\n\r\n", StringComparison.Ordinal), sent);
    }

    [Theory]
    [InlineData("Content-Length: 3")]
    [InlineData("Transfer-Encoding: chunked")]
    [InlineData("Host: evil")]
    [InlineData("Authorization: evil")]
    public async Task Trailers_ThatWouldChangeTheRequest_AreDroppedAndTheRequestPasses(string trailer)
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

        // RFC 9110, 6.5.1: whoever does not know that a field may stand there leaves it out; the message is whole without it.
        Assert.StartsWith("HTTP/1.1 200 ", await client.ReadHeadAsync(), StringComparison.Ordinal);
        Assert.EndsWith("hello\r\n0\r\n\r\n", await seen.Task, StringComparison.Ordinal);
    }
}
