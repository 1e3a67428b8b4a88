using System.Text;
using AgentGateway.Proxy.Backends.Http1;
using AgentGateway.Proxy.Backends.Transport;
using CsCheck;
using Xunit;

namespace AgentGateway.Tests.Proxy.Backends.Http1;

public sealed class ResponseHeadParserTests
{
    [Fact]
    public void TryParse_OrdinaryHead_GivesFieldsAndFraming()
    {
        const string Head = "HTTP/1.1 200 OK\r\nContent-Length: 12\r\nX-A:  b c \t\r\nConnection: keep-alive, close\r\n\r\n";

        var parser = Parse(Head + "body");

        Assert.Equal(200, parser.StatusCode);
        Assert.Equal(1, parser.MinorVersion);
        Assert.Equal(12, parser.ContentLength);
        Assert.Equal(Head.Length, parser.HeadLength);
        Assert.Equal(["Content-Length=12", "X-A=b c", "Connection=keep-alive, close"], FieldsOf(parser, Head));
        Assert.True(parser.ConnectionClose);
        Assert.False(parser.IsChunked);
    }

    [Theory]
    [InlineData("HTTP/1.1 200\r\n\r\n", 200)]
    [InlineData("HTTP/1.1 404 \r\n\r\n", 404)]
    [InlineData("HTTP/1.0 999 odd reason \u00e9\r\n\r\n", 999)]
    public void TryParse_StatusLineVariants_AreAccepted(string head, int status) => Assert.Equal(status, Parse(head).StatusCode);

    [Theory]
    [InlineData("200 OK\r\n\r\n")]
    [InlineData("HTTP/2.0 200 OK\r\n\r\n")]
    [InlineData("HTTP/1.2 200 OK\r\n\r\n")]
    [InlineData("HTTP/1.1  200 OK\r\n\r\n")]
    [InlineData("HTTP/1.1 20 OK\r\n\r\n")]
    [InlineData("HTTP/1.1 2000 OK\r\n\r\n")]
    [InlineData("HTTP/1.1 099 OK\r\n\r\n")]
    [InlineData("HTTP/1.1 +20 OK\r\n\r\n")]
    [InlineData("HTTP/1.1 200 O\0K\r\n\r\n")]
    [InlineData("http/1.1 200 OK\r\n\r\n")]
    [InlineData("<html>no HTTP at all</html>\r\n\r\n")]
    [InlineData("\r\nHTTP/1.1 200 OK\r\n\r\n")]
    [InlineData("HTTP/1.1 200 OK\nA: b\r\n\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nA: b\n\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nA: b\r\n\n")]
    [InlineData("HTTP/1.1 200 OK\r\nA: b\rc\r\n\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nA: b\0c\r\n\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nA: b\u007fc\r\n\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nA: b\r\n folded\r\n\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nA: b\r\n\tfolded: x\r\n\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\n A: first line folded\r\n\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nA : b\r\n\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nA\t: b\r\n\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\n: b\r\n\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nno colon\r\n\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nA(b): c\r\n\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 5\r\n\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 5, 5\r\n\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: +5\r\n\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: -5\r\n\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 0x5\r\n\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 5 5\r\n\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length:\r\n\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 99999999999999999999\r\n\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip, chunked\r\n\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: identity\r\n\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: xchunked\r\n\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding:\r\n\r\n")]
    [InlineData("HTTP/1.0 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")]
    public void TryParse_AmbiguousHead_IsRefused(string head)
    {
        var thrown = Assert.Throws<UpstreamException>(() => Parse(head));

        Assert.Equal(UpstreamFailure.Protocol, thrown.Failure);
    }

    [Fact]
    public void TryParse_HeadOverTheBound_IsRefused() =>
        Assert.Throws<UpstreamException>(() => Parse("HTTP/1.1 200 OK\r\nA: " + new string('a', ResponseHeadParser.MaxHeadBytes)));

    [Fact]
    public void TryParse_TooManyFields_IsRefused() =>
        Assert.Throws<UpstreamException>(() => Parse("HTTP/1.1 200 OK\r\n" + string.Concat(Enumerable.Repeat("A: b\r\n", ResponseHeadParser.MaxFields + 1)) + "\r\n"));

    [Fact]
    public void TryParse_AnySplitOfTheBytes_GivesTheSameFields()
    {
        const string Head = "HTTP/1.1 200 OK\r\nServer: x\r\nContent-Type: text/plain; charset=utf-8\r\nTransfer-Encoding: chunked\r\nX-Empty:\r\n\r\n";
        var whole = FieldsOf(Parse(Head), Head);

        Gen.Int[1, Head.Length - 1].Array[0, 8].Sample(cuts =>
        {
            var parser = new ResponseHeadParser();
            parser.Reset();
            var bytes = Encoding.Latin1.GetBytes(Head);
            foreach (var cut in cuts.Order())
            {
                if (parser.TryParse(bytes.AsSpan(0, cut)))
                {
                    return false;
                }
            }

            return parser.TryParse(bytes) && FieldsOf(parser, Head).SequenceEqual(whole) && parser.IsChunked && parser.HeadLength == Head.Length;
        });
    }

    [Fact]
    public void TryParse_AnyBytes_ParsesOrRefusesButNeverFailsOtherwise() =>
        Gen.Byte.Array[0, 300].Sample(bytes =>
        {
            var parser = new ResponseHeadParser();
            parser.Reset();
            try
            {
                _ = parser.TryParse(bytes);
            }
            catch (UpstreamException e)
            {
                return e.Failure == UpstreamFailure.Protocol;
            }

            return true;
        });

    [Fact]
    public void TryParse_MutatedHead_NeverBothLengthAndChunks()
    {
        var original = Encoding.Latin1.GetBytes("HTTP/1.1 200 OK\r\nContent-Length: 10\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n");
        Gen.Select(Gen.Int[0, original.Length - 1], Gen.Byte).Array[0, 6].Sample(changes =>
        {
            var bytes = (byte[])original.Clone();
            foreach (var (at, value) in changes)
            {
                bytes[at] = value;
            }

            var parser = new ResponseHeadParser();
            parser.Reset();
            try
            {
                return !parser.TryParse(bytes) || !(parser.IsChunked && parser.ContentLength >= 0);
            }
            catch (UpstreamException)
            {
                return true;
            }
        });
    }

    private static ResponseHeadParser Parse(string head)
    {
        var parser = new ResponseHeadParser();
        parser.Reset();
        Assert.True(parser.TryParse(Encoding.Latin1.GetBytes(head)));
        return parser;
    }

    private static string[] FieldsOf(ResponseHeadParser parser, string head) =>
        [.. Enumerable.Range(0, parser.FieldCount).Select(i => parser[i]).Select(field =>
            $"{head.Substring(field.NameStart, field.NameLength)}={head.Substring(field.ValueStart, field.ValueLength)}")];
}
