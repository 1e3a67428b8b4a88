using AgentGateway.Configuration.Reading;

namespace AgentGateway.Configuration.Snapshot.Llm;

/// <summary>GitHub Copilot.</summary>
public sealed record CopilotProvider
{
    internal static Shape<CopilotProvider> Shape { get; } = Shapes.Object("CopilotProvider", "GitHub Copilot.", Read);

    /// <summary>Model that replaces the request's.</summary>
    public string? Model { get; init; }

    private static CopilotProvider Read(ObjectReader r) => new()
    {
        Model = r.Optional("model", Shapes.NonEmptyText, "Model that replaces the request's.", "gpt-4o"),
    };
}
