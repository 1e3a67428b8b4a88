using AgentGateway.Configuration.Reading;

namespace AgentGateway.Configuration.Snapshot.Llm;

/// <summary>Detection of jailbreaks.</summary>
public sealed record DetectJailbreak
{
    internal static Shape<DetectJailbreak> Shape { get; } = Shapes.Object("DetectJailbreak", "Detection of jailbreaks.", Read);

    /// <summary>Version of the API.</summary>
    public string? ApiVersion { get; init; }

    private static DetectJailbreak Read(ObjectReader r) => new()
    {
        ApiVersion = r.Optional("apiVersion", Shapes.NonEmptyText, "Version of the API.", "\"2024-09-01\""),
    };
}
