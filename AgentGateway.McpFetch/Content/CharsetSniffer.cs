using System.Text;
using System.Text.RegularExpressions;

namespace AgentGateway.McpFetch.Content;

/// <summary>Finds the charset that a document names inside itself.</summary>
internal static partial class CharsetSniffer
{
    /// <summary>How far into a document a declaration counts. The standard asks for 1024 bytes; servers put comments before it.</summary>
    internal const int PrescanBytes = 8192;

    private const RegexOptions Options = RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.NonBacktracking;

    /// <summary>The label of <c>&lt;meta charset&gt;</c> or <c>&lt;meta http-equiv content="...; charset="&gt;</c>, null without one.</summary>
    internal static string? FromMeta(ReadOnlySpan<byte> body)
    {
        var head = Comment().Replace(Head(body), "");
        var match = Meta().Match(head);
        return match.Success ? match.Groups[1].Value : null;
    }

    /// <summary>The label of the XML declaration, null without one.</summary>
    internal static string? FromXmlDeclaration(ReadOnlySpan<byte> body)
    {
        var match = XmlDeclaration().Match(Head(body));
        return match.Success ? match.Groups[1].Value : null;
    }

    private static string Head(ReadOnlySpan<byte> body) => Encoding.Latin1.GetString(body[..Math.Min(body.Length, PrescanBytes)]);

    [GeneratedRegex(@"<!--.*?-->", Options | RegexOptions.Singleline)]
    private static partial Regex Comment();

    [GeneratedRegex(@"<meta[\s/][^>]*?charset\s*=\s*[""']?\s*([a-z0-9_:.\-]+)", Options)]
    private static partial Regex Meta();

    [GeneratedRegex(@"^\s*<\?xml\s[^>]*?encoding\s*=\s*[""']([a-z0-9_:.\-]+)[""']", Options)]
    private static partial Regex XmlDeclaration();
}
