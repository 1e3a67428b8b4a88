using System.Collections.Frozen;
using AngleSharp.Html.Parser;
using AngleSharp.Html.Parser.Tokens;

namespace AgentGateway.McpFetch.Markdown;

/// <summary>
/// Ends a parse that costs too much. The HTML tree builder walks its stack of open elements for many tags, and reopens every unclosed
/// formatting element in each new paragraph; 100 000 unclosed <c>&lt;font&gt;</c> tags would take minutes and gigabytes. The parser's own
/// depth limit bounds the tree, not that work, so this estimates it from the tokens and gives up early.
/// </summary>
internal sealed class ParseBudget(TimeProvider time)
{
    private static readonly FrozenSet<string> Formatting = new[]
    {
        "a", "b", "big", "code", "em", "font", "i", "nobr", "s", "small", "strike", "strong", "tt", "u",
    }.ToFrozenSet(StringComparer.Ordinal);

    /// <summary>Elements without content, and elements that the next of their kind closes: they do not pile up.</summary>
    private static readonly FrozenSet<string> NotStacked = new[]
    {
        "area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param", "source", "track", "wbr",
        "html", "head", "body", "p", "li", "dt", "dd", "option", "tr", "td", "th", "thead", "tbody", "tfoot", "colgroup",
    }.ToFrozenSet(StringComparer.Ordinal);

    private readonly long _start = time.GetTimestamp();
    private readonly Dictionary<string, int> _open = new(StringComparer.Ordinal);
    private int _openFormatting;
    private int _openTotal;
    private long _elements;
    private long _steps;

    /// <summary>Counts a token.</summary>
    /// <exception cref="HtmlTooComplexException">A limit is reached.</exception>
    internal void Observe(HtmlToken token)
    {
        switch (token.Type)
        {
            case HtmlTokenType.StartTag:
                _elements += 1 + _openFormatting;
                _steps += _openTotal;
                Open(token.Name);
                break;
            case HtmlTokenType.EndTag:
                _steps += _openTotal;
                Close(token.Name);
                break;
        }

        if (_elements > MarkdownLimits.MaxElements
            || _steps > MarkdownLimits.MaxStackSteps
            || time.GetElapsedTime(_start) > MarkdownLimits.MaxParseTime)
            throw new HtmlTooComplexException();
    }

    private void Open(string name)
    {
        if (NotStacked.Contains(name))
            return;
        _open[name] = _open.GetValueOrDefault(name) + 1;
        _openTotal++;
        if (Formatting.Contains(name))
            _openFormatting++;
    }

    /// <summary>Only an end tag that has a start tag counts: a stray one closes nothing.</summary>
    private void Close(string name)
    {
        if (_open.GetValueOrDefault(name) is not (> 0 and var count))
            return;
        _open[name] = count - 1;
        _openTotal--;
        if (Formatting.Contains(name))
            _openFormatting--;
    }
}
