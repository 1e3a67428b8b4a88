namespace AgentGateway.Configuration.Snapshot.Policies;

/// <summary>A user-assigned identity; exactly one way to name it.</summary>
public sealed record AzureUserAssignedIdentity
{
    /// <summary>By client id.</summary>
    public string? ClientId { get; init; }

    /// <summary>By object id.</summary>
    public string? ObjectId { get; init; }

    /// <summary>By resource id.</summary>
    public string? ResourceId { get; init; }
}
