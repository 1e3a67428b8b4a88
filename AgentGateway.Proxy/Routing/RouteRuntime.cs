using AgentGateway.Configuration.Snapshot;
using AgentGateway.Proxy.Policies;

namespace AgentGateway.Proxy.Routing;

/// <summary>A route compiled for requests: its policies in the order of the policy table, its backends with their weights.</summary>
internal sealed class RouteRuntime
{
    private readonly (int CumulativeWeight, RouteBackendRuntime Backend)[] _backends;
    private readonly int _totalWeight;

    public RouteRuntime(RouteSnapshot snapshot, IRequestPolicy[] policies, IReadOnlyList<RouteBackendRuntime> backends)
    {
        Snapshot = snapshot;
        Policies = policies;
        _backends = new (int, RouteBackendRuntime)[backends.Count];
        for (var i = 0; i < _backends.Length; i++)
        {
            _totalWeight += backends[i].Snapshot.Weight;
            _backends[i] = (_totalWeight, backends[i]);
            Delegates |= backends[i].Routes is not null;
            BackendsReadBody |= backends[i].Call.ReadsRequestBody;
        }
    }

    public RouteSnapshot Snapshot { get; }

    /// <summary>Handlers of the route phase, in order.</summary>
    public IRequestPolicy[] Policies { get; }

    /// <summary>True when a choice of the route is a route group, which decides in its place.</summary>
    public bool Delegates { get; }

    /// <summary>True when a call of one of the choices reads the body of the client's request.</summary>
    public bool BackendsReadBody { get; }

    /// <summary>True for a route that leads back to one before it: requests that come here fail.</summary>
    public bool IsCycle { get; private init; }

    /// <summary>A route whose group refers back to it.</summary>
    public static RouteRuntime Cycle(RouteSnapshot snapshot) => new(snapshot, [], []) { IsCycle = true };

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
