using AgentGateway.Configuration.Snapshot;
using AgentGateway.Configuration.Snapshot.Policies;

namespace AgentGateway.Configuration.Normalisation;

/// <summary>A listener while routes are still attached to it.</summary>
internal sealed class ListenerBuilder(ListenerSnapshot listener)
{
    private readonly List<RouteSnapshot> _routes = [];
    private readonly List<TcpRouteSnapshot> _tcpRoutes = [];

    public ListenerSnapshot Listener { get; } = listener;

    public string Key => Listener.Key;

    public string StateKey => Listener.StateKey;

    /// <summary>Policies of lower levels that apply to routes of this listener.</summary>
    public EquatableArray<PolicySnapshot> RoutePolicies { get; init; } = [];

    /// <summary>Routes so far: an attached route without a name is named by its place in the listener.</summary>
    public int RouteCount => _routes.Count;

    public int TcpRouteCount => _tcpRoutes.Count;

    public void Add(RouteSnapshot route) => _routes.Add(route);

    public void Add(TcpRouteSnapshot route) => _tcpRoutes.Add(route);

    public ListenerSnapshot ToSnapshot() => Listener with { Routes = [.. _routes], TcpRoutes = [.. _tcpRoutes] };
}
