using System.Text.RegularExpressions;

namespace AgentGateway.Proxy.Routing;

/// <summary>
/// A regular expression whose leftmost-first match must span the whole text (spec 1.7). It runs in linear time and so cannot be made to hang.
/// </summary>
/// <remarks>
/// Making one ready takes milliseconds and hundreds of kilobytes, so it waits for the first text that has what every match contains.
/// </remarks>
internal sealed class WholeRegex(string pattern)
{
    private readonly string _required = RequiredText.Of(pattern);
    private Regex? _regex;

    public bool Matches(ReadOnlySpan<char> text)
    {
        if (_required.Length > 0 && !text.Contains(_required, StringComparison.Ordinal))
        {
            return false;
        }

        foreach (var match in (_regex ??= SharedPatterns.Get(pattern)).EnumerateMatches(text))
        {
            return match.Index == 0 && match.Length == text.Length;
        }

        return false;
    }
}
