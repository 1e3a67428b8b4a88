using AgentGateway.Configuration.Reading;

namespace AgentGateway.Configuration.Snapshot.Llm;

/// <summary>A choice with priority.</summary>
public sealed record LlmFailoverTarget
{
    internal static Shape<LlmFailoverTarget> Shape { get; } = Shapes.Object("LlmFailoverTarget", "A choice with priority.", Read);

    /// <summary>Model.</summary>
    public required string Model { get; init; }

    /// <summary>0 is tried first.</summary>
    public required int Priority { get; init; }

    private static LlmFailoverTarget Read(ObjectReader r) => new()
    {
        Model = r.Required("model", Shapes.NonEmptyText, "Model.", "gpt-4o"),
        Priority = r.Required("priority", Shapes.Int(0, 1000000, "0"), "0 is tried first."),
    };
}
