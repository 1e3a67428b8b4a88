using AgentGateway.Configuration.Reading;

namespace AgentGateway.Configuration.Snapshot.Llm;

/// <summary>Messages added to prompts.</summary>
public sealed record PromptEnrichment
{
    internal static Shape<PromptEnrichment> Shape { get; } = Shapes.Object("PromptEnrichment", "Messages added to prompts.", Read);

    /// <summary>At the end.</summary>
    public EquatableArray<ChatMessage> Append { get; init; } = [];

    /// <summary>At the start.</summary>
    public EquatableArray<ChatMessage> Prepend { get; init; } = [];

    private static PromptEnrichment Read(ObjectReader r) => new()
    {
        Append = r.List("append", ChatMessage.Shape, "At the end."),
        Prepend = r.List("prepend", ChatMessage.Shape, "At the start."),
    };
}
