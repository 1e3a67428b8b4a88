using System.Text;
using System.Text.Unicode;

namespace AgentGateway.McpFetch.Content;

/// <summary>
/// Bytes to text. The order is that of the HTML standard: byte order mark, <c>Content-Type</c> charset, the document's own declaration,
/// then UTF-8 if the bytes are valid UTF-8, then windows-1252, which every byte sequence fits.
/// </summary>
internal static class TextDecoder
{
    /// <summary>Decodes a body.</summary>
    /// <param name="body">The bytes.</param>
    /// <param name="kind">Says which declarations count.</param>
    /// <param name="headerCharset">The <c>charset</c> of <c>Content-Type</c>, null without one.</param>
    /// <param name="unknownCharset">Set when a charset is named that is not known and the bytes are not UTF-8 either: nothing is guessed then.</param>
    /// <returns>The text, null when <paramref name="unknownCharset"/> is set.</returns>
    internal static string? Decode(ReadOnlySpan<byte> body, ContentKind kind, string? headerCharset, out string? unknownCharset)
    {
        unknownCharset = null;
        if (ByteOrderMark.Detect(body) is { } marked)
            return marked.GetString(ByteOrderMark.Strip(body));

        var named = headerCharset;
        var encoding = headerCharset is null ? null : CharsetLabels.Resolve(headerCharset);
        if (encoding is null && Declared(body, kind) is { } declared)
        {
            named ??= declared;
            encoding = CharsetLabels.Resolve(declared);
            if (encoding is UnicodeEncoding)
                encoding = Encoding.UTF8; // a declaration that could be read as ASCII is not UTF-16
        }

        encoding ??= Utf8.IsValid(body) ? Encoding.UTF8 : null;
        if (encoding is null && named is not null)
        {
            unknownCharset = named;
            return null;
        }

        return (encoding ?? CharsetLabels.Resolve("windows-1252")!).GetString(body);
    }

    private static string? Declared(ReadOnlySpan<byte> body, ContentKind kind) => kind switch
    {
        ContentKind.Html => CharsetSniffer.FromMeta(body) ?? CharsetSniffer.FromXmlDeclaration(body),
        ContentKind.Xml => CharsetSniffer.FromXmlDeclaration(body),
        _ => null,
    };
}
