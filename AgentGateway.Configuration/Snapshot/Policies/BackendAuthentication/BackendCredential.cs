using AgentGateway.Configuration.Reading;

namespace AgentGateway.Configuration.Snapshot.Policies;

/// <summary>A fixed credential.</summary>
public sealed record BackendCredential
{
    internal static Shape<BackendCredential> Shape { get; } = Shapes.Object("BackendCredential", "A fixed credential.", Read);

    /// <summary>Where it is put.</summary>
    public required AuthorizationLocation Location { get; init; }

    /// <summary>The credential.</summary>
    public required Secret Key { get; init; }

    private static BackendCredential Read(ObjectReader r) => new()
    {
        Location = r.Required("location", AuthorizationLocation.Shape, "Where it is put.", "{header: {name: x-api-key}}"),
        Key = r.Required("key", SecretShape.FileOrInline, "The credential."),
    };
}
