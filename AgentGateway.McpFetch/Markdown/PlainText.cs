using System.Net;
using System.Text;
using System.Text.RegularExpressions;

namespace AgentGateway.McpFetch.Markdown;

/// <summary>The text of HTML without building a tree: in one pass, for documents too complex to parse.</summary>
internal static partial class PlainText
{
    private const RegexOptions Options = RegexOptions.IgnoreCase | RegexOptions.CultureInvariant;

    internal static string From(string html)
    {
        var text = new StringBuilder();
        var position = 0;
        while (position < html.Length)
        {
            var tag = html.IndexOf('<', position);
            if (tag < 0)
                tag = html.Length;
            text.Append(html, position, tag - position);
            position = tag < html.Length ? SkipMarkup(html, tag, text) : tag;
        }

        return Tidy(WebUtility.HtmlDecode(text.ToString()));
    }

    /// <summary>Returns where the markup that starts at <paramref name="start"/> ends.</summary>
    private static int SkipMarkup(string html, int start, StringBuilder text)
    {
        var next = start + 1 < html.Length ? html[start + 1] : '\0';
        if (!char.IsAsciiLetter(next) && next is not ('/' or '!' or '?'))
        {
            text.Append('<');
            return start + 1;
        }

        if (html.AsSpan(start).StartsWith("<!--", StringComparison.Ordinal))
            return After(html, "-->", start + 4);
        var end = After(html, ">", start);
        if (html.AsSpan(start).StartsWith("<script", StringComparison.OrdinalIgnoreCase))
            return After(html, ">", IndexOrEnd(html, "</script", end));
        if (html.AsSpan(start).StartsWith("<style", StringComparison.OrdinalIgnoreCase))
            return After(html, ">", IndexOrEnd(html, "</style", end));
        if (BlockTag().IsMatch(html.AsSpan(start, Math.Min(12, end - start))))
            text.Append('\n');
        return end;
    }

    private static int After(string html, string mark, int from) => Math.Min(html.Length, IndexOrEnd(html, mark, from) + mark.Length);

    private static int IndexOrEnd(string html, string mark, int from)
    {
        var index = from < html.Length ? html.IndexOf(mark, from, StringComparison.OrdinalIgnoreCase) : -1;
        return index < 0 ? html.Length : index;
    }

    /// <summary>Collapses white space in lines and drops empty lines.</summary>
    private static string Tidy(string text)
    {
        var tidy = new StringBuilder(text.Length);
        foreach (var line in text.AsSpan().EnumerateLines())
        {
            var start = tidy.Length;
            foreach (var word in line.Split(' '))
            {
                var trimmed = line[word].Trim();
                if (trimmed.Length == 0)
                    continue;
                if (tidy.Length > start)
                    tidy.Append(' ');
                tidy.Append(trimmed);
            }

            if (tidy.Length > start)
                tidy.Append('\n');
        }

        return tidy.ToString().TrimEnd().Replace("\0", "", StringComparison.Ordinal);
    }

    [GeneratedRegex(@"^</?(p|div|br|li|ul|ol|h[1-6]|tr|table|section|article|blockquote|pre|hr|dt|dd|title)[\s/>]", Options)]
    private static partial Regex BlockTag();
}
