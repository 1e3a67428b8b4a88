using AgentGateway.Configuration.Model.Policies;
using AgentGateway.Configuration.Reading;
using AgentGateway.Configuration.Snapshot.Policies;

namespace AgentGateway.Configuration.Snapshot.Llm;

/// <summary>Google Model Armor.</summary>
public sealed record ModelArmorGuard
{
    internal static Shape<ModelArmorGuard> Shape { get; } = Shapes.Object("ModelArmorGuard", "Google Model Armor.", Read);

    /// <summary>Template.</summary>
    public required string TemplateId { get; init; }

    /// <summary>Project.</summary>
    public required string ProjectId { get; init; }

    /// <summary>Location; <c>us-central1</c> by default.</summary>
    public string? Location { get; init; }

    /// <summary>Policies of the connection.</summary>
    public EquatableArray<PolicySnapshot> Policies { get; init; } = [];

    private static ModelArmorGuard Read(ObjectReader r) => new()
    {
        TemplateId = r.Required("templateId", Shapes.NonEmptyText, "Template.", "my-template"),
        ProjectId = r.Required("projectId", Shapes.NonEmptyText, "Project.", "my-project"),
        Location = r.Optional("location", Shapes.NonEmptyText, "Location; `us-central1` by default.", "us-central1"),
        Policies = r.Value("policies", PolicySetShapes.Target, [], "Policies of the connection.", "{}"),
    };
}
