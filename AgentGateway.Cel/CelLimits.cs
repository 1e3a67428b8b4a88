namespace AgentGateway.Cel;

/// <summary>Bounds of compilation and evaluation. Each has its own error, so a user can tell which one an expression ran into.</summary>
public sealed record CelLimits
{
    /// <summary>The limits used when a host sets none.</summary>
    public static CelLimits Default { get; } = new();

    /// <summary>Deepest nesting of lists, maps and optionals that equality, JSON and JSON parsing walk.</summary>
    public const int MaxValueDepth = 512;

    /// <summary>Deepest nesting of JSON text that is read.</summary>
    public const int MaxJsonDepth = MaxValueDepth / 2;

    /// <summary>Longest source text, in UTF-16 units.</summary>
    public int MaxSourceLength { get; init; } = 64 * 1024;

    /// <summary>Deepest nesting of the source: parentheses, calls, literals, chained operators, and the bodies of the custom functions it calls.</summary>
    public int MaxNesting { get; init; } = 250;

    /// <summary>Most nodes of the syntax tree.</summary>
    public int MaxNodes { get; init; } = 20_000;

    /// <summary>Most errors and warnings reported for one source.</summary>
    public int MaxDiagnostics { get; init; } = 20;

    /// <summary>Most comprehension iterations of one evaluation, all loops together.</summary>
    public int MaxIterations { get; init; } = 200_000;

    /// <summary>Most work of one evaluation: loop bodies count their nodes for each round, functions the elements or 32 characters they walk.</summary>
    public long MaxWork { get; init; } = 5_000_000;

    /// <summary>Longest string (UTF-16 units), byte sequence or list an evaluation may build.</summary>
    public int MaxValueSize { get; init; } = 4 * 1024 * 1024;

    /// <summary>Most memory, in bytes, of all strings, byte sequences, lists and maps that one evaluation builds.</summary>
    public long MaxMemory { get; init; } = 64L * 1024 * 1024;

    /// <summary>Longest regular expression, in UTF-16 units.</summary>
    public int MaxRegexLength { get; init; } = 1024;

    /// <summary>Longest time one match of a regular expression may take. Matching is linear; this bounds the factor.</summary>
    public TimeSpan RegexTimeout { get; init; } = TimeSpan.FromMilliseconds(250);
}
