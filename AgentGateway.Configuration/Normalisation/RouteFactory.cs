using AgentGateway.Configuration.Model.Traffic;
using AgentGateway.Configuration.Reading;
using AgentGateway.Configuration.Snapshot;
using AgentGateway.Configuration.Snapshot.Policies;

namespace AgentGateway.Configuration.Normalisation;

/// <summary>Makes routes of the snapshot.</summary>
internal sealed class RouteFactory(BackendTable backends, PolicyTargets targets, ReadContext context)
{
    private readonly HashSet<string> _keys = new(StringComparer.Ordinal);
    private readonly StateKeys _stateKeys = new();
    private readonly List<Located<string>> _groups = [];

    public RouteSnapshot ToRoute(Route route, int index, ListenerBuilder listener) => ToRoute(route, index, listener.Key, listener.StateKey, listener.RoutePolicies);

    public RouteSnapshot ToRoute(Route route, int index, string parentKey) => ToRoute(route, index, parentKey, parentKey, []);

    public TcpRouteSnapshot ToTcpRoute(TcpRoute route, int index, ListenerBuilder listener)
    {
        var name = $"{route.Namespace ?? "default"}/{route.Name ?? $"tcproute{index}"}";
        var key = Key(listener.Key, name, route.RuleName, route.At);
        return new TcpRouteSnapshot
        {
            Key = key,
            Name = name,
            Hostnames = route.Hostnames,
            Backends = Choices(route.Backends, key, StateKey(key, listener.Key, listener.StateKey, route.Namespace, route.Name, () => StateKeys.Of(route)), route.Policies),
        };
    }

    /// <summary>Reports references to route groups that do not exist: requests that are sent there find no route.</summary>
    public void CheckGroups(IDictionary<string, EquatableArray<RouteSnapshot>> groups)
    {
        foreach (var reference in _groups)
        {
            if (!groups.ContainsKey(reference.Value))
            {
                context.Warning(reference.At.Path, reference.At.Position, $"unknown route group `{Quoting.Shorten(reference.Value)}`: requests are answered with 404; add an entry of this name to `routeGroups`");
            }
        }
    }

    private RouteSnapshot ToRoute(Route route, int index, string parentKey, string parentState, EquatableArray<PolicySnapshot> inherited)
    {
        var name = $"{route.Namespace ?? "default"}/{route.Name ?? $"route{index}"}";
        var key = Key(parentKey, name, route.RuleName, route.At);
        var stateKey = StateKey(key, parentKey, parentState, route.Namespace, route.Name, () => StateKeys.Of(route));
        return new RouteSnapshot
        {
            Key = key,
            StateKey = stateKey,
            Name = name,
            RuleName = route.RuleName,
            Hostnames = route.Hostnames,
            Matches = route.Matches.IsEmpty ? [RouteMatchSnapshot.Any] : route.Matches,
            Backends = Choices(route.Backends, key, stateKey, [], route),
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

    private string StateKey(string key, string parentKey, string parentState, string? @namespace, string? name, Func<string> content)
    {
        if (name is not null && parentState == parentKey)
        {
            return key;
        }

        return name is null ? _stateKeys.Of($"{parentState}/{@namespace ?? "default"}/{content()}") : parentState + key[parentKey.Length..];
    }

    private EquatableArray<RouteBackendSnapshot> Choices(
        EquatableArray<RouteBackend> choices, string routeKey, string routeState, EquatableArray<PolicySnapshot> inherited, Route? route = null)
    {
        if (choices.IsEmpty)
        {
            return [];
        }

        var result = new List<RouteBackendSnapshot>(choices.Length);
        var states = choices.Length > 1 ? new StateKeys() : null;
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

                if (choices[i].Backend is null)
                {
                    var stateKey = $"{routeState}/{(backend is HostBackendSnapshot host ? host.Target.ToString() : $"backend{i}")}";
                    backend = backend with { StateKey = states is null ? stateKey : states.Of(stateKey) };
                }

                result.Add(new RouteBackendSnapshot { Weight = choices[i].Weight, Backend = backend, Policies = PolicySets.Merge(inherited, choices[i].Policies) });
            }
        }

        return [.. result];
    }
}
