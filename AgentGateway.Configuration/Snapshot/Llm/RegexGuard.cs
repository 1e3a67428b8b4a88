using AgentGateway.Configuration.Reading;

namespace AgentGateway.Configuration.Snapshot.Llm;

/// <summary>Guards by pattern.</summary>
public sealed record RegexGuard
{
    internal static Shape<RegexGuard> Shape { get; } = Shapes.Object("RegexGuard", "Guards by pattern.", Read);

    /// <summary>What a match does.</summary>
    public GuardAction Action { get; init; }

    /// <summary>Patterns.</summary>
    public required EquatableArray<RegexGuardRule> Rules { get; init; }

    private static RegexGuard Read(ObjectReader r) => new()
    {
        Action = r.Value("action", EnumShapes.GuardActionWords, GuardAction.Mask, "What a match does.", "mask"),
        Rules = r.Required("rules", Shapes.List(RegexGuardRule.Shape), "Patterns."),
    };
}
