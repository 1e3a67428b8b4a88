using AgentGateway.Configuration.Reading;

namespace AgentGateway.Configuration.Snapshot.Llm;

/// <summary>Choice by condition.</summary>
public sealed record LlmConditionalRouting
{
    internal static Shape<LlmConditionalRouting> Shape { get; } = Shapes.Object("LlmConditionalRouting", "Choice by condition.", Read);

    /// <summary>The choices, tried in order.</summary>
    public required EquatableArray<LlmConditionalTarget> Targets { get; init; }

    private static LlmConditionalRouting Read(ObjectReader r) => new()
    {
        Targets = r.Required("targets", Shapes.List(LlmConditionalTarget.Shape), "The choices, tried in order.", "[{model: gpt-4o}]"),
    };
}
