using AgentGateway.Configuration;
using AgentGateway.Configuration.Snapshot;
using AgentGateway.Configuration.Snapshot.Policies;
using AgentGateway.Proxy.Backends;
using AgentGateway.Proxy.Hosting;
using AgentGateway.Proxy.Routing;

namespace AgentGateway.Proxy.Listeners.Tcp;

/// <summary>Finds the backend of a TCP or TLS connection: by server name as HTTP routes do by host name, then by weight.</summary>
internal sealed class TcpRouteTable
{
    private readonly List<(HostnamePattern Hostname, Entry Entry)> _routes = [];

    /// <exception cref="IOException">A policy of a connection cannot be used.</exception>
    public TcpRouteTable(EquatableArray<TcpRouteSnapshot> routes, EquatableArray<PolicySnapshot> listenerPolicies, GatewayServices services, GatewaySnapshot snapshot)
    {
        foreach (var route in routes)
        {
            var entry = new Entry(route, listenerPolicies, services, snapshot);
            if (route.Hostnames.IsEmpty)
            {
                _routes.Add((new HostnamePattern(""), entry));
            }

            foreach (var name in route.Hostnames)
            {
                _routes.Add((new HostnamePattern(name), entry));
            }
        }

        _routes.Sort(static (a, b) => b.Hostname.Specificity != a.Hostname.Specificity
            ? b.Hostname.Specificity.CompareTo(a.Hostname.Specificity)
            : string.CompareOrdinal(a.Entry.Route.Key, b.Entry.Route.Key));
    }

    /// <summary>The route of a connection, or null when none matches.</summary>
    public TcpRouteSnapshot? Find(string? serverName, out TcpChoice? choice)
    {
        foreach (var (hostname, entry) in _routes)
        {
            if (hostname.Matches(serverName))
            {
                choice = entry.Pick();
                return entry.Route;
            }
        }

        choice = null;
        return null;
    }

    private sealed class Entry
    {
        private readonly List<(int CumulativeWeight, TcpChoice Choice)> _choices = [];
        private readonly int _totalWeight;

        public Entry(TcpRouteSnapshot route, EquatableArray<PolicySnapshot> listenerPolicies, GatewayServices services, GatewaySnapshot snapshot)
        {
            Route = route;
            foreach (var choice in route.Backends)
            {
                if (choice.Weight > 0)
                {
                    _totalWeight += choice.Weight;
                    _choices.Add((_totalWeight, Compile(choice, route, listenerPolicies, services, snapshot)));
                }
            }
        }

        public TcpRouteSnapshot Route { get; }

        /// <summary>Picks at random by weight; null when the route has no backend.</summary>
        public TcpChoice? Pick()
        {
            if (_choices.Count == 0)
            {
                return null;
            }

            var point = Random.Shared.Next(_totalWeight);
            return _choices.Find(entry => point < entry.CumulativeWeight).Choice;
        }

        private static TcpChoice Compile(
            RouteBackendSnapshot choice, TcpRouteSnapshot route, EquatableArray<PolicySnapshot> listenerPolicies, GatewayServices services, GatewaySnapshot snapshot)
        {
            BackendSnapshot backend = choice.Backend is ServiceBackendSnapshot service ? ServiceTargetSnapshot.Of(service, snapshot) : choice.Backend;
            if (backend is not (HostBackendSnapshot or DynamicBackendSnapshot or ServiceTargetSnapshot))
            {
                throw new IOException($"route {route.Name}: the backend {backend.Key} is no host; TCP is forwarded to hosts, services and dynamic backends");
            }

            // Of a backend that HTTP routes use too, only what concerns connections applies here.
            EquatableArray<PolicySnapshot> policies = [.. PolicySets.Merge(listenerPolicies, backend.Policies, choice.Policies).Where(static policy => policy is BackendTls or BackendTunnel or BackendTcp)];
            return new TcpChoice(backend, BackendTransports.Compile(services.Settings.Upstream, policies, snapshot));
        }
    }
}
