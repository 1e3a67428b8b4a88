namespace AgentGateway.Configuration.Snapshot.Policies;

/// <summary>Azure credentials; exactly one kind.</summary>
public sealed record AzureAuth
{
    /// <summary>A credential that is spelled out.</summary>
    public AzureExplicit? ExplicitConfig { get; init; }

    /// <summary>The developer's own login.</summary>
    public AzureImplicit? DeveloperImplicit { get; init; }

    /// <summary>What the environment offers.</summary>
    public AzureImplicit? Implicit { get; init; }
}
