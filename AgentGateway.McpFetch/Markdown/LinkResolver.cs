using AngleSharp.Html.Dom;

namespace AgentGateway.McpFetch.Markdown;

/// <summary>Makes link targets absolute.</summary>
internal sealed class LinkResolver
{
    private readonly Uri _base;

    internal LinkResolver(IHtmlDocument document, Uri page)
    {
        _base = document.QuerySelector("base[href]")?.GetAttribute("href") is { } href
            && Uri.TryCreate(page, href.Trim(), out var named)
            && IsWeb(named)
                ? named
                : page;
    }

    /// <summary>The target as it may stand in a Markdown link, null for one that leads nowhere (script, data, malformed, overlong).</summary>
    internal string? Resolve(string? reference)
    {
        var trimmed = reference?.Trim();
        if (string.IsNullOrEmpty(trimmed) || trimmed == "#" || trimmed.Length > MarkdownLimits.MaxLinkLength)
            return null;
        if (!Uri.TryCreate(_base, trimmed, out var target) || !(IsWeb(target) || target.Scheme is "mailto" or "tel" or "ftp"))
            return null;
        var text = target.AbsoluteUri;
        if (text.Length > MarkdownLimits.MaxLinkLength)
            return null;
        return text
            .Replace("(", "%28", StringComparison.Ordinal)
            .Replace(")", "%29", StringComparison.Ordinal)
            .Replace("|", "%7C", StringComparison.Ordinal)
            .Replace(" ", "%20", StringComparison.Ordinal)
            .Replace("<", "%3C", StringComparison.Ordinal)
            .Replace("\\", "%5C", StringComparison.Ordinal);
    }

    private static bool IsWeb(Uri uri) => uri.Scheme == Uri.UriSchemeHttp || uri.Scheme == Uri.UriSchemeHttps;
}
