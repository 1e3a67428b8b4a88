using AgentGateway.Configuration.Model.Policies;
using AgentGateway.Configuration.Reading;
using AgentGateway.Configuration.Snapshot.Policies;

namespace AgentGateway.Configuration.Snapshot.Llm;

/// <summary>Azure AI Content Safety.</summary>
public sealed record ContentSafetyGuard
{
    internal static Shape<ContentSafetyGuard> Shape { get; } = Shapes.Object("ContentSafetyGuard", "Azure AI Content Safety.", Read);

    /// <summary>Host of the resource.</summary>
    public required string Endpoint { get; init; }

    /// <summary>Policies of the connection.</summary>
    public EquatableArray<PolicySnapshot> Policies { get; init; } = [];

    /// <summary>Analysis of harm.</summary>
    public AnalyzeText? AnalyzeText { get; init; }

    /// <summary>Detection of jailbreaks.</summary>
    public DetectJailbreak? DetectJailbreak { get; init; }

    private static ContentSafetyGuard Read(ObjectReader r) => new()
    {
        Endpoint = r.Required("endpoint", Shapes.NonEmptyText, "Host of the resource.", "my-resource.cognitiveservices.azure.com"),
        Policies = r.Value("policies", PolicySetShapes.Target, [], "Policies of the connection.", "{}"),
        AnalyzeText = r.Optional("analyzeText", AnalyzeText.Shape, "Analysis of harm."),
        DetectJailbreak = r.Optional("detectJailbreak", DetectJailbreak.Shape, "Detection of jailbreaks.", "{}"),
    };
}
