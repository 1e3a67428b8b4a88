using AgentGateway.Configuration.Reading;

namespace AgentGateway.Configuration.Snapshot.Llm;

/// <summary>A weighted choice.</summary>
public sealed record LlmWeightedTarget
{
    internal static Shape<LlmWeightedTarget> Shape { get; } = Shapes.Object("LlmWeightedTarget", "A weighted choice.", Read);

    /// <summary>Model.</summary>
    public required string Model { get; init; }

    /// <summary>Relative weight.</summary>
    public int Weight { get; init; } = 1;

    private static LlmWeightedTarget Read(ObjectReader r) => new()
    {
        Model = r.Required("model", Shapes.NonEmptyText, "Model.", "gpt-4o"),
        Weight = r.Value("weight", Shapes.Int(0, 1000000, "1"), 1, "Relative weight.", "1"),
    };
}
