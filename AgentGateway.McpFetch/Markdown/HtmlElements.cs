using System.Collections.Frozen;
using AngleSharp.Dom;

namespace AgentGateway.McpFetch.Markdown;

/// <summary>What kinds of elements mean for a reader.</summary>
internal static class HtmlElements
{
    private static readonly FrozenSet<string> Dropped = new[]
    {
        "script", "style", "template", "svg", "canvas", "object", "embed", "applet", "head", "meta", "link", "base", "title", "button",
        "select", "textarea", "datalist", "map", "area", "noembed", "noframes", "param", "progress", "meter", "rp",
    }.ToFrozenSet(StringComparer.Ordinal);

    private static readonly FrozenSet<string> Blocks = new[]
    {
        "address", "article", "aside", "body", "center", "dialog", "details", "dir", "div", "dl", "fieldset", "figcaption", "figure",
        "footer", "form", "frameset", "header", "hgroup", "html", "legend", "main", "menu", "nav", "noscript", "optgroup", "option", "p",
        "search", "section", "summary", "caption", "tbody", "thead", "tfoot", "tr", "td", "th", "dt", "dd", "li",
    }.ToFrozenSet(StringComparer.Ordinal);

    private static readonly FrozenSet<string> ChromeRoles = new[]
    {
        "navigation", "banner", "contentinfo", "search", "menu", "menubar", "toolbar",
    }.ToFrozenSet(StringComparer.OrdinalIgnoreCase);

    internal static bool IsBlock(IElement element) => Blocks.Contains(element.LocalName);

    /// <summary>Never content: code, styling, form controls, and what the author hides.</summary>
    internal static bool IsDropped(IElement element) =>
        Dropped.Contains(element.LocalName)
        || element.HasAttribute("hidden")
        || string.Equals(element.GetAttribute("aria-hidden"), "true", StringComparison.OrdinalIgnoreCase)
        || (element.LocalName == "dialog" && !element.HasAttribute("open"))
        || IsStyledAway(element.GetAttribute("style"));

    /// <summary>The frame around the content: navigation, page header and footer, side bars.</summary>
    internal static bool IsChrome(IElement element) => element.LocalName switch
    {
        "nav" or "noscript" or "search" => true,
        "footer" or "aside" => !IsInsideContent(element),
        "header" => !IsInsideContent(element) && element.QuerySelector("h1") is null,
        _ => element.GetAttribute("role") is { } role && ChromeRoles.Contains(role.Trim()) && element.QuerySelector("h1") is null,
    };

    private static bool IsInsideContent(IElement element)
    {
        for (var parent = element.ParentElement; parent is not null; parent = parent.ParentElement)
        {
            if (parent.LocalName is "main" or "article")
                return true;
        }

        return false;
    }

    private static bool IsStyledAway(string? style) =>
        style is not null && style.Replace(" ", "", StringComparison.Ordinal).Contains("display:none", StringComparison.OrdinalIgnoreCase);
}
