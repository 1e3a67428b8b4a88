namespace AgentGateway.Configuration.Snapshot.Policies;

/// <summary>Agent-to-agent traffic: agent cards are rewritten so that clients come back through the gateway.</summary>
public sealed record A2aPolicy : PolicySnapshot
{
}
