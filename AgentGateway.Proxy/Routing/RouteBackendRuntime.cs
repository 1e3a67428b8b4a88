using System.Collections.Frozen;
using AgentGateway.Configuration.Snapshot;
using AgentGateway.Configuration.Snapshot.Policies;
using AgentGateway.Proxy.Backends;
using AgentGateway.Proxy.Backends.Forwarding;

namespace AgentGateway.Proxy.Routing;

/// <summary>One weighted choice of a route: the backend's handler and the backend policies that apply when this route calls it.</summary>
internal sealed class RouteBackendRuntime(RouteBackendSnapshot snapshot, IBackendHandler handler, IReadOnlyList<PolicySnapshot> policies)
{
    public RouteBackendSnapshot Snapshot { get; } = snapshot;

    public IBackendHandler Handler { get; } = handler;

    /// <summary>Backend policies, merged over all levels; one of each kind.</summary>
    public IReadOnlyList<PolicySnapshot> Policies { get; } = policies;

    /// <summary>Routes of the group that this choice delegates to; null for a backend.</summary>
    public RouteIndex<RouteRuntime>? Routes { get; init; }

    /// <summary>How the backend is called from here.</summary>
    public BackendCall Call { get; init; } = BackendCall.Plain;

    /// <summary>How each HTTP server of an MCP backend is called from here, by the name of the target.</summary>
    public FrozenDictionary<string, BackendCall> TargetCalls { get; init; } = FrozenDictionary<string, BackendCall>.Empty;

    /// <summary>Settings of a kind that the backend itself acts on (TLS, protocol version, tunnel), or null.</summary>
    public TPolicy? Find<TPolicy>()
        where TPolicy : PolicySnapshot
    {
        foreach (var policy in Policies)
        {
            if (policy is TPolicy found)
            {
                return found;
            }
        }

        return null;
    }
}
