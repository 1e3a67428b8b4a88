using AgentGateway.Configuration;
using AgentGateway.Configuration.Snapshot;
using AgentGateway.Proxy.Routing;

namespace AgentGateway.Proxy.Listeners.Tcp;

/// <summary>Finds the backend of a TCP or TLS connection: by server name as HTTP routes do by host name, then by weight.</summary>
internal sealed class TcpRouteTable
{
    private readonly (HostnamePattern Hostname, TcpRouteSnapshot Route, int TotalWeight)[] _routes;

    public TcpRouteTable(EquatableArray<TcpRouteSnapshot> routes) =>
        _routes =
        [
            .. routes
                .SelectMany(route => route.Hostnames.IsEmpty ? [new HostnamePattern("")] : route.Hostnames.Select(name => new HostnamePattern(name)), (route, hostname) => (hostname, route))
                .OrderByDescending(candidate => candidate.hostname.Specificity)
                .ThenBy(candidate => candidate.route.Key, StringComparer.Ordinal)
                .Select(candidate => (candidate.hostname, candidate.route, candidate.route.Backends.Sum(backend => backend.Weight))),
        ];

    /// <summary>Picks a backend at random by weight, or null when no route matches or the route has none.</summary>
    public HostBackendSnapshot? Pick(string? serverName)
    {
        foreach (var (hostname, route, totalWeight) in _routes)
        {
            if (!hostname.Matches(serverName))
            {
                continue;
            }

            var point = totalWeight == 0 ? 0 : Random.Shared.Next(totalWeight);
            foreach (var choice in route.Backends)
            {
                point -= choice.Weight;
                if (point < 0)
                {
                    return choice.Backend as HostBackendSnapshot;
                }
            }

            return null;
        }

        return null;
    }
}
