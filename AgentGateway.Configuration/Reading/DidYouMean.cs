namespace AgentGateway.Configuration.Reading;

/// <summary>Finds the known word that a mistyped one was probably meant to be.</summary>
internal static class DidYouMean
{
    private const int LongestWord = 64;
    private const int ShortestPart = 4;

    /// <summary>The nearest word, or null when none is near.</summary>
    public static string? Nearest(string word, IEnumerable<string> known)
    {
        if (word.Length > LongestWord)
        {
            return null;
        }

        string? best = null;
        string? longer = null;
        var bestDistance = Math.Max(1, word.Length / 3) + 1;
        foreach (var candidate in known)
        {
            if (string.Equals(candidate, word, StringComparison.OrdinalIgnoreCase) || SameWords(candidate, word))
            {
                return candidate;
            }

            // A part of a longer word, as in `match` for `matches` or `prefix` for `pathPrefix`.
            if (word.Length >= ShortestPart && longer is null
                && (candidate.StartsWith(word, StringComparison.OrdinalIgnoreCase) || candidate.EndsWith(word, StringComparison.OrdinalIgnoreCase)))
            {
                longer = candidate;
            }

            var distance = Distance(word, candidate);
            if (distance < bestDistance)
            {
                bestDistance = distance;
                best = candidate;
            }
        }

        return best ?? longer;
    }

    // clear-env, clear_env and clearEnv are the same words.
    private static bool SameWords(string left, string right) =>
        string.Equals(Plain(left), Plain(right), StringComparison.OrdinalIgnoreCase);

    private static string Plain(string word) => word.Replace("_", "", StringComparison.Ordinal).Replace("-", "", StringComparison.Ordinal);

    private static int Distance(string left, string right)
    {
        Span<int> row = stackalloc int[right.Length + 1];
        for (var j = 0; j <= right.Length; j++)
        {
            row[j] = j;
        }

        for (var i = 1; i <= left.Length; i++)
        {
            var diagonal = row[0];
            row[0] = i;
            for (var j = 1; j <= right.Length; j++)
            {
                var above = row[j];
                var cost = char.ToLowerInvariant(left[i - 1]) == char.ToLowerInvariant(right[j - 1]) ? 0 : 1;
                row[j] = Math.Min(Math.Min(row[j] + 1, row[j - 1] + 1), diagonal + cost);
                diagonal = above;
            }
        }

        return row[right.Length];
    }
}
