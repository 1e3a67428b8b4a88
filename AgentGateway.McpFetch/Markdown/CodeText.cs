using System.Text;
using AngleSharp.Dom;

namespace AgentGateway.McpFetch.Markdown;

/// <summary>Code blocks and code spans.</summary>
internal static class CodeText
{
    private const int MaxLanguageLength = 30;
    private const int MinFence = 3;

    private static readonly string[] LanguagePrefixes = ["language-", "lang-", "highlight-source-", "brush:", "sourceCode "];

    /// <summary>The lines of a fenced block for a <c>pre</c> element. The fence is longer than any run of backticks inside.</summary>
    internal static IEnumerable<string> Fence(IElement pre)
    {
        var code = Source(pre).Replace("\r\n", "\n", StringComparison.Ordinal).Replace('\r', '\n').Trim('\n');
        if (string.IsNullOrWhiteSpace(code))
            yield break;
        var fence = new string('`', Math.Max(MinFence, LongestRun(code) + 1));
        yield return fence + Language(pre);
        foreach (var line in code.Split('\n'))
            yield return line.TrimEnd();
        yield return fence;
    }

    /// <summary>A code span; empty for nothing but white space.</summary>
    internal static string Span(string text, bool inCell)
    {
        var code = string.Join(' ', text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
        if (code.Length == 0)
            return "";
        if (inCell)
            code = code.Replace("|", "\\|", StringComparison.Ordinal);
        var fence = new string('`', LongestRun(code) + 1);
        var pad = code[0] == '`' || code[^1] == '`' ? " " : "";
        return $"{fence}{pad}{code}{pad}{fence}";
    }

    /// <summary>Text of a node where <c>br</c> is a line break.</summary>
    internal static string Source(INode node)
    {
        var text = new StringBuilder();
        Append(node, text);
        return text.ToString();
    }

    private static void Append(INode node, StringBuilder text)
    {
        foreach (var child in node.ChildNodes)
        {
            switch (child)
            {
                case IText t:
                    text.Append(t.Data);
                    break;
                case IElement { LocalName: "br" }:
                    text.Append('\n');
                    break;
                case IElement { LocalName: "script" or "style" or "template" or "button" }:
                    break;
                case IElement element:
                    Append(element, text);
                    break;
            }
        }
    }

    /// <summary>Highlighters name the language in a class of the block, of its code element, or of a wrapper around it.</summary>
    private static string Language(IElement pre)
    {
        foreach (var element in new[] { pre.QuerySelector("code"), pre, pre.ParentElement, pre.ParentElement?.ParentElement })
        {
            if (element is null)
                continue;
            var named = element.GetAttribute("data-lang") ?? element.GetAttribute("data-language") ?? FromClass(element.ClassName);
            if (named is { Length: > 0 and <= MaxLanguageLength } && named.All(static c => char.IsAsciiLetterOrDigit(c) || c is '+' or '#' or '-' or '_' or '.'))
                return named.ToLowerInvariant();
        }

        return "";
    }

    private static string? FromClass(string? classes)
    {
        if (classes is null)
            return null;
        foreach (var prefix in LanguagePrefixes)
        {
            var at = classes.IndexOf(prefix, StringComparison.Ordinal);
            if (at < 0 || (at > 0 && classes[at - 1] != ' '))
                continue;
            var rest = classes[(at + prefix.Length)..].TrimStart();
            var end = rest.AsSpan().IndexOfAny(' ', ';');
            return end < 0 ? rest : rest[..end];
        }

        return null;
    }

    private static int LongestRun(string text)
    {
        int longest = 0, run = 0;
        foreach (var c in text)
        {
            run = c == '`' ? run + 1 : 0;
            longest = Math.Max(longest, run);
        }

        return longest;
    }
}
