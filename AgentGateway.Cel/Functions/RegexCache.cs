using System.Collections.Concurrent;

namespace AgentGateway.Cel.Functions;

/// <summary>Patterns that expressions compute are compiled once while they stay in use; literal ones belong to their program.</summary>
internal static class RegexCache
{
    private const int Capacity = 256;
    private static readonly ConcurrentDictionary<(string Pattern, TimeSpan Timeout, int MaxLength), RegexPattern> Patterns = new();

    public static RegexPattern Get(string pattern, CelLimits limits)
    {
        // A pattern over the limit is refused before it can take a place here.
        if (pattern.Length > limits.MaxRegexLength)
            return RegexPattern.TooLong;
        var key = (pattern, limits.RegexTimeout, limits.MaxRegexLength);
        if (Patterns.TryGetValue(key, out var known))
            return known;
        if (Patterns.Count >= Capacity)
            Patterns.Clear();
        return Patterns.GetOrAdd(key, static (k, l) => Compile(k.Pattern, l), limits);
    }

    public static RegexPattern Compile(string pattern, CelLimits limits) => RegexPattern.Create(pattern, limits);
}
