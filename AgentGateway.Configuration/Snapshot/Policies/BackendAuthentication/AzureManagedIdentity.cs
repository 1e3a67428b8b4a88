namespace AgentGateway.Configuration.Snapshot.Policies;

/// <summary>A managed identity.</summary>
public sealed record AzureManagedIdentity
{
    /// <summary>Which one; the system's own by default.</summary>
    public AzureUserAssignedIdentity? UserAssignedIdentity { get; init; }
}
