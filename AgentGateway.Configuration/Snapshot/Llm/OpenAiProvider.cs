using AgentGateway.Configuration.Reading;

namespace AgentGateway.Configuration.Snapshot.Llm;

/// <summary>OpenAI.</summary>
public sealed record OpenAiProvider
{
    internal static Shape<OpenAiProvider> Shape { get; } = Shapes.Object("OpenAiProvider", "OpenAI.", Read);

    /// <summary>Model that replaces the request's.</summary>
    public string? Model { get; init; }

    /// <summary>Moderation by the provider itself.</summary>
    public OpenAiModeration? Moderation { get; init; }

    private static OpenAiProvider Read(ObjectReader r) => new()
    {
        Model = r.Optional("model", Shapes.NonEmptyText, "Model that replaces the request's.", "gpt-4o-mini"),
        Moderation = r.Optional("moderation", OpenAiModeration.Shape, "Moderation by the provider itself."),
    };
}
