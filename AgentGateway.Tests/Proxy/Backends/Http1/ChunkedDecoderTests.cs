using System.Text;
using AgentGateway.Proxy.Backends.Http1;
using AgentGateway.Proxy.Backends.Transport;
using CsCheck;
using Xunit;

namespace AgentGateway.Tests.Proxy.Backends.Http1;

public sealed class ChunkedDecoderTests
{
    [Fact]
    public void Decode_ChunksExtensionsAndTrailers_GivesContentAndTrailers()
    {
        var decoder = new ChunkedDecoder();
        var data = Bytes("4;name=\"v\"\r\nWiki\r\nA ; x\r\n0123456789\r\n000\r\nX-Sum: abc\r\nContent-Length: 5\r\n\r\nnext");

        decoder.Decode(data, out var consumed, out var produced);

        Assert.Equal("Wiki0123456789", Encoding.Latin1.GetString(data, 0, produced));
        Assert.Equal(data.Length - "next".Length, consumed);
        Assert.True(decoder.IsDone);
        Assert.Equal("abc", decoder.Trailers!["X-Sum"]);
        Assert.False(decoder.Trailers.ContainsKey("Content-Length"));
    }

    [Theory]
    [InlineData("\r\n")]
    [InlineData("g\r\n")]
    [InlineData("-1\r\n")]
    [InlineData("0x4\r\nWiki\r\n")]
    [InlineData(" 4\r\nWiki\r\n")]
    [InlineData("4 4\r\nWiki\r\n")]
    [InlineData("4\nWiki\r\n")]
    [InlineData("4\r\nWikiXX")]
    [InlineData("4\r\nWiki\n")]
    [InlineData("4;a=\rb\r\nWiki\r\n")]
    [InlineData("4;a=\0b\r\nWiki\r\n")]
    [InlineData("1000000000000000\r\n")]
    [InlineData("FFFFFFFFFFFFFFFFF\r\n")]
    [InlineData("0\r\nno trailer\r\n\r\n")]
    [InlineData("0\r\nA: b\n\r\n")]
    [InlineData("0\r\n folded\r\n\r\n")]
    public void Decode_BrokenFraming_IsRefused(string data) =>
        Assert.Throws<UpstreamException>(() => new ChunkedDecoder().Decode(Bytes(data), out _, out _));

    [Fact]
    public void Decode_EndlessExtension_IsRefused() =>
        Assert.Throws<UpstreamException>(() => new ChunkedDecoder().Decode(Bytes("4;" + new string('a', ChunkedDecoder.MaxLineBytes)), out _, out _));

    [Fact]
    public void Decode_EndlessTrailers_IsRefused() =>
        Assert.Throws<UpstreamException>(() =>
            new ChunkedDecoder().Decode(Bytes("0\r\n" + string.Concat(Enumerable.Repeat("A: " + new string('b', 1000) + "\r\n", 20))), out _, out _));

    [Fact]
    public void Decode_AnyContentInAnyChunksAndReads_GivesTheContent() =>
        Gen.Select(Gen.Byte.Array[1, 40].Array[0, 8], Gen.Int[1, 30].Array[1, 20]).Sample((chunks, reads) =>
        {
            var wire = new List<byte>();
            foreach (var chunk in chunks)
            {
                wire.AddRange(Bytes($"{chunk.Length:x}\r\n"));
                wire.AddRange(chunk);
                wire.AddRange(Bytes("\r\n"));
            }

            wire.AddRange(Bytes("0\r\nX-T: 1\r\n\r\n"));
            return Feed([.. wire], reads).SequenceEqual(chunks.SelectMany(chunk => chunk));
        });

    [Fact]
    public void Decode_AnyBytes_DecodesOrRefusesWithinBounds() =>
        Gen.Byte.Array[0, 200].Sample(bytes =>
        {
            var decoder = new ChunkedDecoder();
            try
            {
                decoder.Decode(bytes, out var consumed, out var produced);
                return produced <= consumed && consumed <= bytes.Length;
            }
            catch (UpstreamException)
            {
                return true;
            }
        });

    // As a connection does: what was not used comes again with more behind it.
    private static List<byte> Feed(byte[] wire, int[] reads)
    {
        var decoder = new ChunkedDecoder();
        var content = new List<byte>();
        var unread = Array.Empty<byte>();
        var at = 0;
        for (var i = 0; !decoder.IsDone && at < wire.Length; i++)
        {
            var take = Math.Min(reads[i % reads.Length], wire.Length - at);
            unread = [.. unread, .. wire.AsSpan(at, take)];
            at += take;
            decoder.Decode(unread, out var consumed, out var produced);
            content.AddRange(unread[..produced]);
            unread = unread[consumed..];
        }

        return decoder.IsDone && decoder.Trailers is { } trailers && trailers["X-T"].Equals("1") ? content : [0xff, 0x00, 0xff];
    }

    private static byte[] Bytes(string text) => Encoding.Latin1.GetBytes(text);
}
