namespace AgentGateway.Configuration.Snapshot.Policies;

/// <summary>An application with a client secret.</summary>
public sealed record AzureClientSecret
{
    /// <summary>Tenant.</summary>
    public required string TenantId { get; init; }

    /// <summary>Application.</summary>
    public required string ClientId { get; init; }

    /// <summary>Its secret.</summary>
    public required Secret ClientSecret { get; init; }
}
