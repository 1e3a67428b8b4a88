namespace AgentGateway.Configuration.Snapshot.Policies;

/// <summary>A fixed credential.</summary>
public sealed record BackendCredential
{
    /// <summary>Where it is put.</summary>
    public required AuthorizationLocation Location { get; init; }

    /// <summary>The credential.</summary>
    public required Secret Key { get; init; }
}
