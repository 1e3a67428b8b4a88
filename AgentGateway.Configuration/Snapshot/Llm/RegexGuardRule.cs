using AgentGateway.Configuration.Reading;

namespace AgentGateway.Configuration.Snapshot.Llm;

/// <summary>One pattern.</summary>
public sealed record RegexGuardRule
{
    internal static Shape<RegexGuardRule> Shape { get; } = Shapes.Object("RegexGuardRule", "One pattern.", Read);

    /// <summary>A built-in pattern.</summary>
    public BuiltinPattern? Builtin { get; init; }

    /// <summary>A regular expression.</summary>
    public string? Pattern { get; init; }

    private static RegexGuardRule Read(ObjectReader r)
    {
        var v = new RegexGuardRule
        {
            Builtin = r.OptionalValue("builtin", EnumShapes.BuiltinPatternWords, "A built-in pattern.", "email"),
            Pattern = r.Optional("pattern", ValueShapes.SearchPattern, "A regular expression.", "\"(?i)secret\""),
        };
        r.ExactlyOne("builtin", "pattern");
        return v;
    }
}
