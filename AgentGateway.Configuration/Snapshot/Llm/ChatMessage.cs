using AgentGateway.Configuration.Reading;

namespace AgentGateway.Configuration.Snapshot.Llm;

/// <summary>A message.</summary>
public sealed record ChatMessage
{
    internal static Shape<ChatMessage> Shape { get; } = Shapes.Object("ChatMessage", "A message.", Read);

    /// <summary>Role.</summary>
    public required string Role { get; init; }

    /// <summary>Text.</summary>
    public required string Content { get; init; }

    private static ChatMessage Read(ObjectReader r) => new()
    {
        Role = r.Required("role", Shapes.NonEmptyText, "Role.", "system"),
        Content = r.Required("content", Shapes.Text, "Text.", "Answer briefly."),
    };
}
