using AgentGateway.Configuration.Reading;

namespace AgentGateway.Configuration.Snapshot.Llm;

/// <summary>How a model is chosen; exactly one way.</summary>
public sealed record LlmVirtualRouting
{
    internal static Shape<LlmVirtualRouting> Shape { get; } = Shapes.Object("LlmVirtualRouting", "How a model is chosen; exactly one way.", Read);

    /// <summary>By weight.</summary>
    public LlmWeightedRouting? Weighted { get; init; }

    /// <summary>By priority, the next one after failures.</summary>
    public LlmFailoverRouting? Failover { get; init; }

    /// <summary>By condition.</summary>
    public LlmConditionalRouting? Conditional { get; init; }

    private static LlmVirtualRouting Read(ObjectReader r) => new()
    {
        Weighted = r.Optional("weighted", LlmWeightedRouting.Shape, "By weight."),
        Failover = r.Optional("failover", LlmFailoverRouting.Shape, "By priority, the next one after failures."),
        Conditional = r.Optional("conditional", LlmConditionalRouting.Shape, "By condition."),
    };
}
