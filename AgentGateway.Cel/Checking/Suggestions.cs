namespace AgentGateway.Cel.Checking;

/// <summary>Finds the name that was probably meant.</summary>
internal static class Suggestions
{
    private const int LongestName = 64;

    public static string? Nearest(string name, IEnumerable<string> candidates)
    {
        if (name.Length is 0 or > LongestName)
            return null;
        string? best = null;
        var bestDistance = Math.Max(1, name.Length / 3) + 1;
        foreach (var candidate in candidates)
        {
            if (candidate.Length > LongestName || candidate == name)
                continue;
            var distance = SameLetters(name, candidate) ? 0 : Distance(name, candidate, bestDistance);
            if (distance < bestDistance)
            {
                bestDistance = distance;
                best = candidate;
            }
        }

        return best;
    }

    /// <summary>Equal but for case and underscores: input_tokens and inputTokens.</summary>
    private static bool SameLetters(string one, string other) =>
        string.Equals(one.Replace("_", "", StringComparison.Ordinal), other.Replace("_", "", StringComparison.Ordinal), StringComparison.OrdinalIgnoreCase);

    /// <summary>Insertions, deletions, replacements and swaps between two names; <paramref name="limit"/> when there are at least so many.</summary>
    private static int Distance(string one, string other, int limit)
    {
        if (Math.Abs(one.Length - other.Length) >= limit)
            return limit;
        Span<int> before2 = stackalloc int[LongestName + 1];
        Span<int> before = stackalloc int[LongestName + 1];
        Span<int> current = stackalloc int[LongestName + 1];
        for (var j = 0; j <= other.Length; j++)
            before[j] = j;
        for (var i = 1; i <= one.Length; i++)
        {
            current[0] = i;
            for (var j = 1; j <= other.Length; j++)
            {
                var same = char.ToLowerInvariant(one[i - 1]) == char.ToLowerInvariant(other[j - 1]);
                current[j] = Math.Min(Math.Min(current[j - 1], before[j]) + 1, before[j - 1] + (same ? 0 : 1));
                if (i > 1 && j > 1 && one[i - 1] == other[j - 2] && one[i - 2] == other[j - 1])
                    current[j] = Math.Min(current[j], before2[j - 2] + 1);
            }

            before.CopyTo(before2);
            current.CopyTo(before);
        }

        return before[other.Length];
    }
}
