using System.Collections.Concurrent;
using AgentGateway.Cel.Evaluation;

namespace AgentGateway.Cel.Functions;

/// <summary>Patterns that expressions compute are compiled once while they stay in use; literal ones belong to their program.</summary>
internal static class RegexCache
{
    private const int Capacity = 256;
    private static readonly ConcurrentDictionary<(string Pattern, TimeSpan Timeout, int MaxLength), RegexPattern> Patterns = new();

    /// <summary>A pattern computed at run time; compiling one that is not known counts as work.</summary>
    public static RegexPattern Get(ref EvalFrame frame, string pattern)
    {
        var limits = frame.Limits;

        // A pattern over the limit is refused before it can take a place here.
        if (pattern.Length > limits.MaxRegexLength)
            return RegexPattern.TooLong;
        var key = (pattern, limits.RegexTimeout, limits.MaxRegexLength);
        if (Patterns.TryGetValue(key, out var known))
            return known;
        if (Patterns.Count >= Capacity)
            Patterns.Clear();
        if (frame.Work < 0)
            return RegexPattern.OutOfWork;
        var compiled = Patterns.GetOrAdd(key, static (k, l) => Compile(k.Pattern, l), limits);
        frame.Work -= compiled.CompilationWork;
        return compiled;
    }

    public static RegexPattern Compile(string pattern, CelLimits limits) => RegexPattern.Create(pattern, limits);
}
