using AgentGateway.Configuration.Reading;

namespace AgentGateway.Configuration.Snapshot.Llm;

/// <summary>Choice by priority.</summary>
public sealed record LlmFailoverRouting
{
    internal static Shape<LlmFailoverRouting> Shape { get; } = Shapes.Object("LlmFailoverRouting", "Choice by priority.", Read);

    /// <summary>The choices.</summary>
    public required EquatableArray<LlmFailoverTarget> Targets { get; init; }

    private static LlmFailoverRouting Read(ObjectReader r) => new()
    {
        Targets = r.Required("targets", Shapes.List(LlmFailoverTarget.Shape), "The choices.", "[{model: gpt-4o, priority: 0}]"),
    };
}
