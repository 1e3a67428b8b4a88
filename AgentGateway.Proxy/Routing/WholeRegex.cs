using System.Text.RegularExpressions;

namespace AgentGateway.Proxy.Routing;

/// <summary>
/// A regular expression whose leftmost-first match must span the whole text (spec 1.7). It runs in linear time and so cannot be made to hang.
/// </summary>
internal sealed class WholeRegex(string pattern)
{
    private readonly Regex _regex = new(pattern, RegexOptions.NonBacktracking | RegexOptions.CultureInvariant);

    public bool Matches(ReadOnlySpan<char> text)
    {
        foreach (var match in _regex.EnumerateMatches(text))
        {
            return match.Index == 0 && match.Length == text.Length;
        }

        return false;
    }
}
