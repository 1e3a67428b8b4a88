using AgentGateway.Configuration.Model.Traffic;
using AgentGateway.Configuration.Reading;
using AgentGateway.Configuration.Snapshot;
using AgentGateway.Configuration.Snapshot.Policies;

namespace AgentGateway.Configuration.Normalisation;

/// <summary>Makes routes of the snapshot.</summary>
internal sealed class RouteFactory(BackendTable backends, PolicyTargets targets, ReadContext context)
{
    private readonly HashSet<string> _keys = new(StringComparer.Ordinal);
    private readonly List<Located<string>> _groups = [];

    public RouteSnapshot ToRoute(Route route, int index, ListenerBuilder listener) => ToRoute(route, index, listener.Key, listener.RoutePolicies);

    public RouteSnapshot ToRoute(Route route, int index, string parentKey) => ToRoute(route, index, parentKey, []);

    public TcpRouteSnapshot ToTcpRoute(TcpRoute route, int index, ListenerBuilder listener)
    {
        var name = $"{route.Namespace ?? "default"}/{route.Name ?? $"tcproute{index}"}";
        var key = Key(listener.Key, name, route.RuleName, route.At);
        return new TcpRouteSnapshot
        {
            Key = key,
            Name = name,
            Hostnames = route.Hostnames,
            Backends = Choices(route.Backends, key, route.Policies),
        };
    }

    /// <summary>Reports references to route groups that do not exist.</summary>
    public void CheckGroups(IDictionary<string, EquatableArray<RouteSnapshot>> groups)
    {
        foreach (var reference in _groups)
        {
            if (!groups.ContainsKey(reference.Value))
            {
                context.SemanticError(reference.At, $"unknown route group `{Quoting.Shorten(reference.Value)}`; add an entry of this name to `routeGroups`");
            }
        }
    }

    private RouteSnapshot ToRoute(Route route, int index, string parentKey, EquatableArray<PolicySnapshot> inherited)
    {
        var name = $"{route.Namespace ?? "default"}/{route.Name ?? $"route{index}"}";
        var key = Key(parentKey, name, route.RuleName, route.At);
        return new RouteSnapshot
        {
            Key = key,
            Name = name,
            RuleName = route.RuleName,
            Hostnames = route.Hostnames,
            Matches = route.Matches.IsEmpty ? [RouteMatchSnapshot.Any] : route.Matches,
            Backends = Choices(route.Backends, key, [], route),
            Policies = PolicySets.Merge(inherited, targets.ForRoute(name, route.RuleName), route.Policies),
        };
    }

    private string Key(string parentKey, string name, string? ruleName, SourceLocation at)
    {
        var key = $"{parentKey}/{name}";
        if (!_keys.Add(key) && (ruleName is null || !_keys.Add(key = $"{key}/{ruleName}")))
        {
            context.SemanticError(at.Key("name"), $"duplicate route name `{Quoting.Shorten(name)}`; names of one listener must be unique");
        }

        return key;
    }

    private EquatableArray<RouteBackendSnapshot> Choices(EquatableArray<RouteBackend> choices, string routeKey, EquatableArray<PolicySnapshot> inherited, Route? route = null)
    {
        if (choices.IsEmpty)
        {
            return [];
        }

        var result = new List<RouteBackendSnapshot>(choices.Length);
        for (var i = 0; i < choices.Length; i++)
        {
            if (choices[i].RouteGroup is { } group)
            {
                _groups.Add(group);
            }

            if (backends.Create(choices[i], $"{routeKey}/backend{i}") is { } backend)
            {
                ConnectionPolicyCheck.Check(context, backend, choices[i].Policies, choices[i].At.Key("policies"), ofRoute: false);
                if (route is not null)
                {
                    ConnectionPolicyCheck.Check(context, backend, route.Policies, route.At.Key("policies"), ofRoute: true);
                }

                result.Add(new RouteBackendSnapshot { Weight = choices[i].Weight, Backend = backend, Policies = PolicySets.Merge(inherited, choices[i].Policies) });
            }
        }

        return [.. result];
    }
}
