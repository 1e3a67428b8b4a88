using AgentGateway.Configuration.Reading;

namespace AgentGateway.Configuration.Snapshot.Llm;

/// <summary>Choice by weight.</summary>
public sealed record LlmWeightedRouting
{
    internal static Shape<LlmWeightedRouting> Shape { get; } = Shapes.Object("LlmWeightedRouting", "Choice by weight.", Read);

    /// <summary>The choices.</summary>
    public required EquatableArray<LlmWeightedTarget> Targets { get; init; }

    private static LlmWeightedRouting Read(ObjectReader r) => new()
    {
        Targets = r.Required("targets", Shapes.List(LlmWeightedTarget.Shape), "The choices.", "[{model: gpt-4o}]"),
    };
}
