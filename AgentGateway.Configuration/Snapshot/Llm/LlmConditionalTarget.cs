using AgentGateway.Configuration.Reading;

namespace AgentGateway.Configuration.Snapshot.Llm;

/// <summary>A choice with condition.</summary>
public sealed record LlmConditionalTarget
{
    internal static Shape<LlmConditionalTarget> Shape { get; } = Shapes.Object("LlmConditionalTarget", "A choice with condition.", Read);

    /// <summary>Holds when the model is chosen; only the last may have none.</summary>
    public Expression? When { get; init; }

    /// <summary>Model.</summary>
    public required string Model { get; init; }

    private static LlmConditionalTarget Read(ObjectReader r) => new()
    {
        When = r.Optional("when", Expression.Shape, "Holds when the model is chosen; only the last may have none.", "llmRequest.model == \"smart\""),
        Model = r.Required("model", Shapes.NonEmptyText, "Model.", "gpt-4o"),
    };
}
