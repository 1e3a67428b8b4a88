using System.Text;

namespace AgentGateway.McpFetch.Markdown;

/// <summary>Escapes the characters that would read as Markdown where they stand, and no others: escapes cost the reader.</summary>
internal static class MarkdownEscaper
{
    /// <summary>Where a character stands.</summary>
    internal readonly record struct Place(char Previous, char Next, bool LineStart, bool InLink, bool InCell);

    internal static bool NeedsEscape(char c, Place at) => c switch
    {
        '`' => true,
        '\\' => at.Next == '\0' || char.IsAsciiLetterOrDigit(at.Next) is false && at.Next is > ' ' and < '\x7f',
        '*' => !(IsSpaceOrEdge(at.Previous) && IsSpaceOrEdge(at.Next)) || (at.LineStart && IsSpaceOrEdge(at.Next)),
        '_' => !(char.IsLetterOrDigit(at.Previous) && char.IsLetterOrDigit(at.Next)),
        '[' => at.InLink || at.Next == '^',
        ']' => at.InLink || at.Next is '(' or '[' or ':',
        '<' => char.IsAsciiLetter(at.Next) || at.Next is '/' or '!' or '?',
        '&' => char.IsAsciiLetter(at.Next) || at.Next == '#',
        '~' => at.Next == '~' || at.Previous == '~',
        '|' => at.InCell,
        '#' => at.LineStart && (IsSpaceOrEdge(at.Next) || at.Next == '#'),
        '>' => at.LineStart,
        '-' or '+' => at.LineStart && (IsSpaceOrEdge(at.Next) || at.Next == c),
        '=' => at.LineStart && (IsSpaceOrEdge(at.Next) || at.Next == '='),
        _ => false,
    };

    /// <summary>True when the line so far is a number that a following point or bracket would turn into a list item.</summary>
    internal static bool IsListNumber(StringBuilder output, int lineStart)
    {
        var length = output.Length - lineStart;
        if (length is 0 or > 9)
            return false;
        for (var i = lineStart; i < output.Length; i++)
        {
            if (!char.IsAsciiDigit(output[i]))
                return false;
        }

        return true;
    }

    internal static bool IsSpaceOrEdge(char c) => c == '\0' || char.IsWhiteSpace(c);
}
