using AgentGateway.Configuration.Reading;

namespace AgentGateway.Configuration.Snapshot.Llm;

/// <summary>Google Gemini.</summary>
public sealed record GeminiProvider
{
    internal static Shape<GeminiProvider> Shape { get; } = Shapes.Object("GeminiProvider", "Google Gemini.", Read);

    /// <summary>Model that replaces the request's.</summary>
    public string? Model { get; init; }

    private static GeminiProvider Read(ObjectReader r) => new()
    {
        Model = r.Optional("model", Shapes.NonEmptyText, "Model that replaces the request's.", "gemini-2.0-flash"),
    };
}
