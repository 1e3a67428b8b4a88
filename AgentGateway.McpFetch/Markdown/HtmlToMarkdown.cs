using AngleSharp.Dom;
using AngleSharp.Html.Dom;
using AngleSharp.Html.Parser;

namespace AgentGateway.McpFetch.Markdown;

/// <summary>
/// HTML to Markdown for reading: the main content without scripts, styling and page chrome, links absolute. Never fails: a document that
/// is too complex to parse gives its plain text.
/// </summary>
internal static class HtmlToMarkdown
{
    /// <summary>Converts a page.</summary>
    /// <param name="html">The source.</param>
    /// <param name="page">Where it came from; relative links are resolved against it or against the document's own base.</param>
    /// <param name="time">Clock of the time limit; the system's when null.</param>
    internal static string Convert(string html, Uri page, TimeProvider? time = null)
    {
        IHtmlDocument document;
        try
        {
            document = Parse(html, time ?? TimeProvider.System);
        }
        catch (HtmlTooComplexException)
        {
            return PlainText.From(html);
        }

        using (document)
        {
            if (document.Body is not { } body)
                return "";
            var root = FindContent(body);
            var text = Convert(document, root, page, keepChrome: false);
            return text.Length > 0 ? text : Convert(document, body, page, keepChrome: true);
        }
    }

    private static IHtmlDocument Parse(string html, TimeProvider time)
    {
        var budget = new ParseBudget(time);
        var parser = new HtmlParser(new HtmlParserOptions
        {
            MaximumDepth = MarkdownLimits.MaxDepth,
            SkipComments = true,
            OnToken = (token, _) => budget.Observe(token),
        });
        return parser.ParseDocument(html);
    }

    private static string Convert(IHtmlDocument document, IElement root, Uri page, bool keepChrome)
    {
        var writer = new MarkdownWriter(MarkdownLimits.MaxOutputChars);
        var converter = new ElementConverter(writer, new LinkResolver(document, page), keepChrome);
        var before = 0;
        if (!string.IsNullOrWhiteSpace(document.Title) && root.QuerySelector("h1") is null)
        {
            converter.Heading(1, document.Title);
            before = writer.Length;
        }

        converter.Children(root);
        return writer.Length > before ? writer.Finish() : "";
    }

    /// <summary>The one <c>main</c>, else the one <c>article</c>, else the body. Several of a kind are a list of teasers, not the content.</summary>
    private static IElement FindContent(IHtmlElement body) =>
        Only(body, "main, [role=main]") ?? Only(body, "article") ?? body;

    private static IElement? Only(IHtmlElement body, string selector)
    {
        IElement? found = null;
        foreach (var candidate in body.QuerySelectorAll(selector))
        {
            if (HtmlElements.IsDropped(candidate))
                continue;
            if (found is not null && !found.Contains(candidate))
                return null;
            found ??= candidate;
        }

        return found is not null && found.TextContent.AsSpan().ContainsAnyExcept(' ', '\n', '\t') ? found : null;
    }
}
