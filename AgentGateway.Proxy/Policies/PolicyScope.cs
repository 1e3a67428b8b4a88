using AgentGateway.Proxy.Hosting;

namespace AgentGateway.Proxy.Policies;

/// <summary>What a handler may know of its place when it is made.</summary>
/// <param name="Services">What lives as long as the process.</param>
/// <param name="Stage">When the handler acts.</param>
/// <param name="OwnerKey">Runtime key of the listener, route or backend choice that the policy applies to, for messages.</param>
internal sealed record PolicyScope(GatewayServices Services, PolicyStage Stage, string OwnerKey)
{
    /// <summary>Under what state that outlives a reload is kept; <see cref="OwnerKey"/> by default.</summary>
    public string StateKey
    {
        get => field ?? OwnerKey;
        init;
    }

    /// <summary>Position in a conditional list; 0 for a plain policy.</summary>
    public int Entry { get; init; }
}
