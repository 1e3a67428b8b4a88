using System.Collections.Frozen;
using AgentGateway.Configuration.Snapshot;
using AgentGateway.Proxy.Backends;
using AgentGateway.Proxy.Listeners;
using AgentGateway.Proxy.Policies.Authorization;

namespace AgentGateway.Proxy.Hosting;

/// <summary>A snapshot compiled for requests: route tables, policy arrays, backend handlers. Immutable; swapped as one reference.</summary>
internal sealed class GatewayRuntime
{
    private GatewayRuntime(GatewaySnapshot snapshot, FrozenDictionary<string, BindRuntime> binds)
    {
        Snapshot = snapshot;
        Binds = binds;
        NetworkRules = snapshot.Frontend.NetworkAuthorization is { Rules.Length: > 0 } policy ? new RuleSet(policy.Rules) : null;
    }

    public GatewaySnapshot Snapshot { get; }

    /// <summary>Ports by bind key.</summary>
    public FrozenDictionary<string, BindRuntime> Binds { get; }

    /// <summary>Which connections are accepted (<c>frontendPolicies.networkAuthorization</c>); all when null.</summary>
    public RuleSet? NetworkRules { get; }

    public static GatewayRuntime Compile(GatewaySnapshot snapshot, GatewayServices services, BackendRegistry.Generation backends) =>
        new(snapshot, snapshot.Binds.ToFrozenDictionary(bind => bind.Key, bind => new BindRuntime(bind, services, backends), StringComparer.Ordinal));
}
