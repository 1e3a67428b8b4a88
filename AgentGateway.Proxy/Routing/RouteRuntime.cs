using AgentGateway.Configuration;
using AgentGateway.Configuration.Snapshot;
using AgentGateway.Configuration.Snapshot.Policies;
using AgentGateway.Proxy.Backends;
using AgentGateway.Proxy.Hosting;
using AgentGateway.Proxy.Policies;

namespace AgentGateway.Proxy.Routing;

/// <summary>A route compiled for requests: its policies in the order of the policy table, its backends with their weights.</summary>
internal sealed class RouteRuntime
{
    private readonly (int CumulativeWeight, RouteBackendRuntime Backend)[] _backends;
    private readonly int _totalWeight;

    public RouteRuntime(RouteSnapshot snapshot, ListenerSnapshot listener, GatewayServices services, BackendRegistry.Generation backends)
    {
        Snapshot = snapshot;
        Policies = PolicyChain.Compile<IRequestPolicy>(snapshot.Policies, new PolicyScope(services, PolicyStage.Route, snapshot.Key));
        var weighted = new List<(int, RouteBackendRuntime)>();
        foreach (var choice in snapshot.Backends)
        {
            if (choice.Weight > 0)
            {
                _totalWeight += choice.Weight;
                var policies = EffectivePolicies(snapshot, choice, listener);
                var scope = new PolicyScope(services, PolicyStage.Backend, $"{snapshot.Key}#{weighted.Count}");
                weighted.Add((_totalWeight, new RouteBackendRuntime(choice, backends.Get(choice.Backend), policies)
                {
                    Call = BackendCalls.Compile(policies, snapshot.Policies, scope),
                }));
            }
        }

        _backends = [.. weighted];
    }

    public RouteSnapshot Snapshot { get; }

    /// <summary>Handlers of the route phase, in order.</summary>
    public IRequestPolicy[] Policies { get; }

    // Backend policies from the least to the most specific level (config-mcp 3.1). Kinds that a route has for itself (header modifiers,
    // transformations, authorization...) acted in the route phase already and do not act again before the backend.
    private static EquatableArray<PolicySnapshot> EffectivePolicies(RouteSnapshot route, RouteBackendSnapshot choice, ListenerSnapshot listener) =>
        PolicySets.Merge(listener.BackendPolicies, choice.Backend.Policies, [.. route.Policies.Where(policy => !PolicyOrder.HasStep(PolicyStage.Route, policy.Kind))], choice.Policies);

    /// <summary>Picks a backend at random by weight, or null when the route has none. Each attempt of a request picks anew.</summary>
    public RouteBackendRuntime? PickBackend()
    {
        switch (_backends.Length)
        {
            case 0:
                return null;
            case 1:
                return _backends[0].Backend;
            default:
                var point = Random.Shared.Next(_totalWeight);
                foreach (var (cumulative, backend) in _backends)
                {
                    if (point < cumulative)
                    {
                        return backend;
                    }
                }

                return _backends[^1].Backend;
        }
    }
}
