using AgentGateway.Configuration.Reading;

namespace AgentGateway.Configuration.Snapshot.Policies;

/// <summary>Agent-to-agent traffic: agent cards are rewritten so that clients come back through the gateway.</summary>
public sealed record A2aPolicy : PolicySnapshot
{
    internal static Shape<A2aPolicy> Shape { get; } = Shapes.Object("A2aPolicy", "Agent-to-agent traffic: agent cards are rewritten so that clients come back through the gateway.", Read);

    private static A2aPolicy Read(ObjectReader r) => new();
}
