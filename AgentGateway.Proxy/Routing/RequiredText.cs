using System.Buffers;

namespace AgentGateway.Proxy.Routing;

/// <summary>
/// Finds a text that every match of a regular expression contains: most paths that a pattern does not match lack it, and telling so costs
/// next to nothing.
/// </summary>
internal static class RequiredText
{
    // What stands in the braces of a quantifier.
    private static readonly SearchValues<char> CountCharacters = SearchValues.Create("0123456789,");

    /// <summary>The longest run of literal characters outside of groups; empty when none is certain.</summary>
    public static string Of(ReadOnlySpan<char> pattern)
    {
        var best = ReadOnlySpan<char>.Empty;
        var start = -1;
        var depth = 0;
        for (var i = 0; i < pattern.Length; i++)
        {
            var c = pattern[i];
            var next = i + 1 < pattern.Length ? pattern[i + 1] : '\0';
            if (IsLiteral(c))
            {
                start = start < 0 && depth == 0 ? i : start;
                continue;
            }

            // A quantifier may take away the character before it.
            Keep(pattern, start, c is '*' or '?' or '{' ? i - 1 : i, ref best);
            start = -1;
            switch (c)
            {
                case '|' when depth == 0:
                case '(' when next == '?' && (i + 2 >= pattern.Length || pattern[i + 2] != ':'):
                case '\\' when char.IsAsciiDigit(next) || next is 'x' or 'u' or 'c':
                    // Alternatives, options, characters by their number: nothing is certain without more of a parser.
                    return "";
                case '(':
                    depth++;
                    break;
                case ')':
                    depth--;
                    break;
                case '\\':
                    i++;
                    break;
                case '[':
                    i = EndOfClass(pattern, i);
                    if (i < 0)
                    {
                        return "";
                    }

                    break;
                case '{' when pattern[(i + 1)..].IndexOfAnyExcept(CountCharacters) is >= 0 and var length && pattern[i + 1 + length] == '}':
                    // Any other brace stands for itself, and what follows it is pattern.
                    i += length + 1;
                    break;
            }
        }

        Keep(pattern, start, pattern.Length, ref best);
        return best.ToString();
    }

    private static void Keep(ReadOnlySpan<char> pattern, int start, int end, ref ReadOnlySpan<char> best)
    {
        if (start >= 0 && end - start > best.Length)
        {
            best = pattern[start..end];
        }
    }

    // What has no meaning of its own in a pattern.
    private static bool IsLiteral(char c) => char.IsAsciiLetterOrDigit(c) || c is '/' or '-' or '_' or '=' or '&' or '%' or '~' or ':' or ',' or '@' or '!' or ';';

    // -1 for a class that holds brackets or escapes, which is not followed.
    private static int EndOfClass(ReadOnlySpan<char> pattern, int open)
    {
        for (var i = open + 1; i < pattern.Length; i++)
        {
            if (pattern[i] is '[' or '\\' || (pattern[i] == ']' && (i == open + 1 || pattern[i - 1] == '^')))
            {
                return -1;
            }

            if (pattern[i] == ']')
            {
                return i;
            }
        }

        return -1;
    }
}
