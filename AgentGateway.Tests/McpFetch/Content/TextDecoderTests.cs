using System.Text;
using AgentGateway.McpFetch.Content;
using Xunit;

namespace AgentGateway.Tests.McpFetch.Content;

public sealed class TextDecoderTests
{
    private static byte[] Bytes(string charset, string text) => CharsetLabels.Resolve(charset)!.GetBytes(text);

    [Theory]
    [InlineData("windows-1251", "Привет")]
    [InlineData("koi8-r", "Привет")]
    [InlineData("shift_jis", "日本語")]
    [InlineData("Shift-JIS", "日本語")]
    [InlineData("euc-jp", "日本語")]
    [InlineData("iso-2022-jp", "日本語")]
    [InlineData("gb2312", "中文")]
    [InlineData("GBK", "中文")]
    [InlineData("gb18030", "中文\U0001F600")]
    [InlineData("big5", "中文")]
    [InlineData("euc-kr", "한국어")]
    [InlineData("iso-8859-2", "žluťoučký")]
    [InlineData("iso-8859-15", "€ œ")]
    [InlineData("utf-16le", "héllo")]
    [InlineData("utf-16be", "héllo")]
    [InlineData(" utf8 ", "héllo")]
    public void Decode_HeaderCharset_Used(string charset, string text) =>
        Assert.Equal(text, TextDecoder.Decode(Bytes(charset, text), ContentKind.Text, charset, out _));

    [Theory]
    [InlineData("iso-8859-1")]
    [InlineData("latin1")]
    [InlineData("us-ascii")]
    public void Decode_Latin1Label_MeansWindows1252(string charset) =>
        Assert.Equal("“€”", TextDecoder.Decode([0x93, 0x80, 0x94], ContentKind.Html, charset, out _));

    [Theory]
    [InlineData("<meta charset='windows-1251'>")]
    [InlineData("<META CHARSET = windows-1251 >")]
    [InlineData("<meta http-equiv=\"Content-Type\" content=\"text/html; charset=windows-1251\">")]
    [InlineData("<!-- <meta charset=shift_jis> --><meta charset=windows-1251>")]
    public void Decode_MetaCharset_Used(string meta) =>
        Assert.EndsWith("Привет", TextDecoder.Decode(Bytes("windows-1251", meta + "Привет"), ContentKind.Html, null, out _), StringComparison.Ordinal);

    [Fact]
    public void Decode_HeaderAndMetaDiffer_HeaderWins() =>
        Assert.EndsWith(
            "Привет",
            TextDecoder.Decode(Bytes("koi8-r", "<meta charset=windows-1251>Привет"), ContentKind.Html, "koi8-r", out _),
            StringComparison.Ordinal);

    [Fact]
    public void Decode_MetaInPlainText_Ignored() =>
        Assert.Equal("<meta charset=shift_jis>é", TextDecoder.Decode("<meta charset=shift_jis>é"u8, ContentKind.Text, null, out _));

    [Fact]
    public void Decode_XmlDeclaration_Used() =>
        Assert.EndsWith(
            "Привет",
            TextDecoder.Decode(Bytes("windows-1251", "<?xml version='1.0' encoding='windows-1251'?>Привет"), ContentKind.Xml, null, out _),
            StringComparison.Ordinal);

    [Fact]
    public void Decode_MetaClaimsUtf16_ReadAsUtf8() =>
        Assert.Equal("<meta charset=utf-16>é", TextDecoder.Decode("<meta charset=utf-16>é"u8, ContentKind.Html, null, out _));

    [Theory]
    [InlineData(new byte[] { 0xEF, 0xBB, 0xBF, 0xC3, 0xA9 })]
    [InlineData(new byte[] { 0xFF, 0xFE, 0xE9, 0x00 })]
    [InlineData(new byte[] { 0xFE, 0xFF, 0x00, 0xE9 })]
    public void Decode_ByteOrderMark_WinsOverHeaderAndIsRemoved(byte[] body) =>
        Assert.Equal("é", TextDecoder.Decode(body, ContentKind.Html, "windows-1251", out _));

    [Fact]
    public void Decode_NothingNamed_Utf8IfValidElseWindows1252()
    {
        Assert.Equal("é", TextDecoder.Decode("é"u8, ContentKind.Html, null, out _));
        Assert.Equal("é", TextDecoder.Decode([0xE9], ContentKind.Html, null, out _));
    }

    [Theory]
    [InlineData("x-klingon")]
    [InlineData("utf-7")]
    [InlineData("")]
    public void Decode_UnknownCharset_Utf8IfValidElseNamed(string charset)
    {
        Assert.Equal("é", TextDecoder.Decode("é"u8, ContentKind.Text, charset, out _));
        Assert.Null(TextDecoder.Decode([0xE9], ContentKind.Text, charset, out var unknown));
        Assert.Equal(charset, unknown);
    }

    [Fact]
    public void Decode_UnknownHeaderCharsetButKnownMeta_MetaUsed() =>
        Assert.EndsWith("Привет", TextDecoder.Decode(Bytes("koi8-r", "<meta charset=koi8-r>Привет"), ContentKind.Html, "bogus", out _), StringComparison.Ordinal);

    [Fact]
    public void FromMeta_HostileHead_FindsNothing()
    {
        var html = Encoding.ASCII.GetBytes(string.Concat(Enumerable.Repeat("<!--<meta charset ", 10_000)));

        Assert.Null(CharsetSniffer.FromMeta(html));
    }
}
