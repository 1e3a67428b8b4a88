using AgentGateway.Configuration.Reading;

namespace AgentGateway.Configuration.Snapshot.Llm;

/// <summary>Anthropic.</summary>
public sealed record AnthropicProvider
{
    internal static Shape<AnthropicProvider> Shape { get; } = Shapes.Object("AnthropicProvider", "Anthropic.", Read);

    /// <summary>Model that replaces the request's.</summary>
    public string? Model { get; init; }

    private static AnthropicProvider Read(ObjectReader r) => new()
    {
        Model = r.Optional("model", Shapes.NonEmptyText, "Model that replaces the request's.", "claude-sonnet-4-5"),
    };
}
