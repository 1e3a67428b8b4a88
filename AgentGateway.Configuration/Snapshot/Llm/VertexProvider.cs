using AgentGateway.Configuration.Reading;

namespace AgentGateway.Configuration.Snapshot.Llm;

/// <summary>Google Vertex AI.</summary>
public sealed record VertexProvider
{
    internal static Shape<VertexProvider> Shape { get; } = Shapes.Object("VertexProvider", "Google Vertex AI.", Read);

    /// <summary>Model that replaces the request's.</summary>
    public string? Model { get; init; }

    /// <summary>Region.</summary>
    public string? Region { get; init; }

    /// <summary>Project.</summary>
    public required string ProjectId { get; init; }

    private static VertexProvider Read(ObjectReader r) => new()
    {
        Model = r.Optional("model", Shapes.NonEmptyText, "Model that replaces the request's.", "gemini-2.0-flash"),
        Region = r.Optional("region", Shapes.NonEmptyText, "Region.", "us-central1"),
        ProjectId = r.Required("projectId", Shapes.NonEmptyText, "Project.", "my-project"),
    };
}
