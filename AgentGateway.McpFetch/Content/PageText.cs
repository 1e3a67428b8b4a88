using AgentGateway.McpFetch.Fetching;
using AgentGateway.McpFetch.Markdown;

namespace AgentGateway.McpFetch.Content;

/// <summary>Turns a fetched page into the text that the tool returns.</summary>
internal static class PageText
{
    private const int MaxShownLength = 100;

    /// <summary>HTML becomes Markdown unless <paramref name="raw"/>; other text stays as it is.</summary>
    /// <exception cref="FetchException">The content is not text, or its charset is unknown.</exception>
    internal static string Extract(FetchedPage page, bool raw)
    {
        var body = page.Body.Span;
        var type = MediaType.Parse(page.ContentType);
        var kind = ContentClassifier.Classify(type.Name, body);
        if (kind == ContentKind.Binary)
            throw Unsupported(page, type.Name is null ? "it is binary" : $"its content type {Shorten(type.Name)} is not text");

        var text = TextDecoder.Decode(body, kind, type.Charset, out var unknownCharset)
            ?? throw Unsupported(page, $"its charset '{Shorten(unknownCharset!)}' is not known");
        if (text.Contains('\0', StringComparison.Ordinal))
            throw Unsupported(page, "it is binary although it is declared as text");
        return kind == ContentKind.Html && !raw ? HtmlToMarkdown.Convert(text, page.Url) : text;
    }

    private static FetchException Unsupported(FetchedPage page, string reason) =>
        new(FetchFailure.UnsupportedContent, $"Could not read {FetchUrl.Display(page.Url)}: {reason}.");

    private static string Shorten(string text) => text.Length <= MaxShownLength ? text : text[..MaxShownLength] + "...";
}
