using AgentGateway.Configuration;
using AgentGateway.Configuration.Snapshot;
using AgentGateway.Proxy.Backends;
using AgentGateway.Proxy.Hosting;
using Microsoft.AspNetCore.Http;

namespace AgentGateway.Proxy.Routing;

/// <summary>Finds the route of a request: host bucket first, then path kind, length and key (spec 1.7).</summary>
internal sealed class RouteTable
{
    private readonly Candidate[] _candidates;

    public RouteTable(EquatableArray<RouteSnapshot> routes, GatewayServices services, BackendRegistry.Generation backends)
    {
        var candidates = new List<Candidate>();
        foreach (var snapshot in routes)
        {
            var route = new RouteRuntime(snapshot, services, backends);
            foreach (var match in snapshot.Matches)
            {
                if (snapshot.Hostnames.IsEmpty)
                {
                    candidates.Add(new Candidate(new HostnamePattern(""), match, route));
                }

                foreach (var hostname in snapshot.Hostnames)
                {
                    candidates.Add(new Candidate(new HostnamePattern(hostname), match, route));
                }
            }
        }

        candidates.Sort(Compare);
        _candidates = [.. candidates];
    }

    /// <summary>Finds the route with the highest precedence, or null.</summary>
    public RouteRuntime? Match(HttpRequest request, ReadOnlySpan<char> host, out string? pathMatch)
    {
        var path = request.Path.Value ?? "/";
        foreach (var candidate in _candidates)
        {
            if (candidate.Hostname.Matches(host) && candidate.MatchesPath(path))
            {
                pathMatch = candidate.PathMatch;
                return candidate.Route;
            }
        }

        pathMatch = null;
        return null;
    }

    private static int Compare(Candidate a, Candidate b)
    {
        var byHost = b.Hostname.Specificity.CompareTo(a.Hostname.Specificity);
        if (byHost != 0)
        {
            return byHost;
        }

        var byKind = a.Path.Kind.CompareTo(b.Path.Kind);
        if (byKind != 0)
        {
            return byKind;
        }

        var byLength = b.Path.Value.Length.CompareTo(a.Path.Value.Length);
        return byLength != 0 ? byLength : string.CompareOrdinal(a.Route.Snapshot.Key, b.Route.Snapshot.Key);
    }

    private sealed class Candidate(HostnamePattern hostname, RouteMatchSnapshot match, RouteRuntime route)
    {
        private readonly string _prefix = match.Path.Value.TrimEnd('/');

        public HostnamePattern Hostname { get; } = hostname;

        public PathMatchSnapshot Path { get; } = match.Path;

        public RouteRuntime Route { get; } = route;

        /// <summary>Form of the path condition that names the span.</summary>
        public string PathMatch { get; } = match.Path.Kind == PathMatchKind.Prefix ? match.Path.Value.TrimEnd('/') + "/*" : match.Path.Value;

        public bool MatchesPath(string path) => Path.Kind switch
        {
            PathMatchKind.Exact => string.Equals(path, Path.Value, StringComparison.Ordinal),
            PathMatchKind.Prefix => path.StartsWith(_prefix, StringComparison.Ordinal) && (path.Length == _prefix.Length || path[_prefix.Length] == '/'),
            _ => false,
        };
    }
}
