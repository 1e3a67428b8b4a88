using AgentGateway.Configuration.Reading;

namespace AgentGateway.Configuration.Snapshot.Policies;

/// <summary>An application with a client secret.</summary>
public sealed record AzureClientSecret
{
    internal static Shape<AzureClientSecret> Shape { get; } = Shapes.Object("AzureClientSecret", "An application with a client secret.", Read);

    /// <summary>Tenant.</summary>
    public required string TenantId { get; init; }

    /// <summary>Application.</summary>
    public required string ClientId { get; init; }

    /// <summary>Its secret.</summary>
    public required Secret ClientSecret { get; init; }

    private static AzureClientSecret Read(ObjectReader r) => new()
    {
        TenantId = r.Required("tenant_id", Shapes.NonEmptyText, "Tenant.", "00000000-0000-0000-0000-000000000000"),
        ClientId = r.Required("client_id", Shapes.NonEmptyText, "Application.", "00000000-0000-0000-0000-000000000000"),
        ClientSecret = r.Required("client_secret", SecretShape.Inline, "Its secret."),
    };
}
