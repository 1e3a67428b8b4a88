namespace AgentGateway.Configuration.Snapshot.Policies;

/// <summary>Credentials that the environment offers.</summary>
public sealed record AzureImplicit
{
}
