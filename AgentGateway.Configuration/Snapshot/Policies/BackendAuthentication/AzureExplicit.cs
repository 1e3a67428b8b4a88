namespace AgentGateway.Configuration.Snapshot.Policies;

/// <summary>A credential that is spelled out; exactly one kind.</summary>
public sealed record AzureExplicit
{
    /// <summary>Client secret.</summary>
    public AzureClientSecret? ClientSecret { get; init; }

    /// <summary>Managed identity.</summary>
    public AzureManagedIdentity? ManagedIdentity { get; init; }

    /// <summary>Workload identity.</summary>
    public AzureImplicit? WorkloadIdentity { get; init; }
}
