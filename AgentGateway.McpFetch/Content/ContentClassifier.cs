using System.Collections.Frozen;
using System.Text;

namespace AgentGateway.McpFetch.Content;

/// <summary>Decides from the media type, and from the first bytes where there is none, how a body is turned into text.</summary>
internal static class ContentClassifier
{
    private const int SniffBytes = 1024;

    private static readonly FrozenSet<string> TextApplications = new[]
    {
        "application/json", "application/javascript", "application/ecmascript", "application/x-javascript", "application/typescript",
        "application/x-ndjson", "application/ndjson", "application/jsonl", "application/json-seq", "application/yaml", "application/x-yaml",
        "application/toml", "application/sql", "application/graphql", "application/x-www-form-urlencoded", "application/x-sh",
        "application/x-httpd-php", "application/x-tex", "application/x-latex", "application/x-subrip", "application/rtf",
        "application/markdown", "application/csv", "application/mbox", "application/n-triples", "application/n-quads", "application/trig",
        "application/sparql-query", "application/x-troff", "application/vnd.apple.mpegurl", "message/rfc822", "message/http",
    }.ToFrozenSet(StringComparer.Ordinal);

    private static readonly FrozenSet<string> XmlTypes = new[]
    {
        "application/xml", "text/xml", "application/xml-dtd", "application/xslt+xml",
    }.ToFrozenSet(StringComparer.Ordinal);

    /// <summary>Classifies a body.</summary>
    /// <param name="mediaType">Lower-case media type without parameters, null when the server sent none or a malformed one.</param>
    /// <param name="body">The body.</param>
    internal static ContentKind Classify(string? mediaType, ReadOnlySpan<byte> body) => mediaType switch
    {
        null or "unknown/unknown" or "*/*" => Sniff(body),
        "text/html" or "application/xhtml+xml" => ContentKind.Html,
        _ when XmlTypes.Contains(mediaType) || mediaType.EndsWith("+xml", StringComparison.Ordinal) => ContentKind.Xml,
        _ when mediaType.StartsWith("text/", StringComparison.Ordinal) => ContentKind.Text,
        _ when TextApplications.Contains(mediaType) || IsTextSuffix(mediaType) => ContentKind.Text,
        _ => ContentKind.Binary,
    };

    /// <summary>Structured-syntax suffixes that stand for text (RFC 6839, RFC 8091, RFC 9512).</summary>
    private static bool IsTextSuffix(string mediaType) =>
        mediaType.EndsWith("+json", StringComparison.Ordinal)
        || mediaType.EndsWith("+yaml", StringComparison.Ordinal)
        || mediaType.EndsWith("+json-seq", StringComparison.Ordinal);

    private static ContentKind Sniff(ReadOnlySpan<byte> body)
    {
        var head = body[..Math.Min(body.Length, SniffBytes)];
        if (ByteOrderMark.Detect(head) is null && HasBinaryBytes(head))
            return ContentKind.Binary;

        var text = Encoding.Latin1.GetString(ByteOrderMark.Strip(head)).AsSpan().TrimStart();
        if (text.StartsWith("<?xml", StringComparison.OrdinalIgnoreCase))
            return text.Contains("<html", StringComparison.OrdinalIgnoreCase) ? ContentKind.Html : ContentKind.Xml;
        if (text.StartsWith("<!doctype html", StringComparison.OrdinalIgnoreCase)
            || text.StartsWith("<html", StringComparison.OrdinalIgnoreCase)
            || text.StartsWith("<head", StringComparison.OrdinalIgnoreCase)
            || text.StartsWith("<body", StringComparison.OrdinalIgnoreCase))
            return ContentKind.Html;
        return ContentKind.Text;
    }

    /// <summary>The binary data bytes of the MIME Sniffing standard.</summary>
    private static bool HasBinaryBytes(ReadOnlySpan<byte> head)
    {
        foreach (var b in head)
        {
            if (b is <= 0x08 or 0x0B or (>= 0x0E and <= 0x1A) or (>= 0x1C and <= 0x1F))
                return true;
        }

        return false;
    }
}
