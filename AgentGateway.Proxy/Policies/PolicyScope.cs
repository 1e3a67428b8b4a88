using AgentGateway.Proxy.Hosting;

namespace AgentGateway.Proxy.Policies;

/// <summary>What a handler may know of its place when it is made.</summary>
/// <param name="Services">What lives as long as the process.</param>
/// <param name="Stage">When the handler acts.</param>
/// <param name="OwnerKey">Runtime key of the listener, route or backend choice that the policy applies to; state that outlives a reload is kept by it.</param>
internal sealed record PolicyScope(GatewayServices Services, PolicyStage Stage, string OwnerKey)
{
    /// <summary>Position in a conditional list; 0 for a plain policy.</summary>
    public int Entry { get; init; }
}
