using AgentGateway.Configuration;
using AgentGateway.Configuration.Snapshot;
using AgentGateway.Configuration.Snapshot.Policies;
using AgentGateway.Proxy.Backends;
using AgentGateway.Proxy.Hosting;
using AgentGateway.Proxy.Policies;

namespace AgentGateway.Proxy.Routing;

/// <summary>
/// Compiles the routes of one listener. A route that delegates to a group gets its own form of the group's routes, with its policies as the
/// less specific level, so that a request does no merging.
/// </summary>
internal sealed class RouteCompiler(ListenerSnapshot listener, GatewayServices services, BackendRegistry.Generation backends)
{
    // Groups that refer to groups multiply; a configuration beyond these bounds is a mistake.
    private const int MaxDepth = 16;
    private const int MaxRoutes = 250_000;

    private int _compiled;

    /// <summary>Compiles a route of the listener.</summary>
    /// <exception cref="FormatException">A policy cannot be used, or groups are nested beyond the bounds.</exception>
    public RouteRuntime Compile(RouteSnapshot route) => Compile(route, [], new Chain(route.Key, null));

    private RouteRuntime Compile(RouteSnapshot route, EquatableArray<PolicySnapshot> inherited, Chain chain)
    {
        if (++_compiled > MaxRoutes)
        {
            throw new FormatException($"listener {listener.Key}: route groups expand to more than {MaxRoutes} routes");
        }

        var policies = PolicyChain.Compile<IRequestPolicy>(route.Policies, new PolicyScope(services, PolicyStage.Route, chain.Path));
        var choices = new List<RouteBackendRuntime>();
        foreach (var choice in route.Backends)
        {
            if (choice.Weight > 0)
            {
                choices.Add(Compile(route, choice, inherited, chain, choices.Count));
            }
        }

        return new RouteRuntime(route, policies, choices);
    }

    private RouteBackendRuntime Compile(RouteSnapshot route, RouteBackendSnapshot choice, EquatableArray<PolicySnapshot> inherited, Chain chain, int index)
    {
        if (choice.Backend is RouteGroupBackendSnapshot group)
        {
            var own = PolicySets.Merge(inherited, choice.Policies);
            return new RouteBackendRuntime(choice, new RouteGroupBackend(), own) { Routes = CompileGroup(group.Group, route, own, chain) };
        }

        var target = choice.Backend is ServiceBackendSnapshot service ? ServiceTargetSnapshot.Of(service, backends.Snapshot) : choice.Backend;

        // From the least to the most specific level (config-mcp 3.1). Kinds that a route has for itself (header modifiers, transformations,
        // authorization...) act in the route phase and not again before the backend.
        EquatableArray<PolicySnapshot> ofRoute = [.. route.Policies.Where(policy => !PolicyOrder.HasStep(PolicyStage.Route, policy.Kind))];
        var policies = PolicySets.Merge(listener.BackendPolicies, choice.Backend.Policies, ofRoute, inherited, choice.Policies);
        if (target is not (HostBackendSnapshot or DynamicBackendSnapshot or ServiceTargetSnapshot))
        {
            RefuseConnectionPolicies(route, policies);
        }

        var scope = new PolicyScope(services, PolicyStage.Backend, $"{chain.Path}#{index}");
        return new RouteBackendRuntime(choice, backends.Get(target), policies) { Call = BackendCalls.Compile(policies, route.Policies, scope) };
    }

    // Only plain upstreams act on these yet; elsewhere they would be ignored in silence.
    private static void RefuseConnectionPolicies(RouteSnapshot route, EquatableArray<PolicySnapshot> policies)
    {
        foreach (var policy in policies)
        {
            if (policy is BackendTls or BackendHttp or BackendTcp or HealthPolicy || PolicyOrder.HasStep(PolicyStage.Backend, policy.Kind))
            {
                throw new IOException($"route {route.Name}: the policy {policy.GetType().Name} is not supported yet for this kind of backend; remove it");
            }
        }
    }

    private RouteIndex<RouteRuntime> CompileGroup(string name, RouteSnapshot parent, EquatableArray<PolicySnapshot> inherited, Chain chain)
    {
        if (chain.Depth >= MaxDepth)
        {
            throw new FormatException($"route {parent.Name}: route groups are nested more than {MaxDepth} deep");
        }

        var routes = new List<(RouteSnapshot, RouteRuntime)>();
        if (backends.Snapshot.RouteGroups.TryGetValue(name, out var group))
        {
            foreach (var route in group)
            {
                var merged = route with { Policies = PolicySets.Merge(parent.Policies, route.Policies) };
                routes.Add((route, chain.Contains(route.Key) ? RouteRuntime.Cycle(route) : Compile(merged, inherited, new Chain(route.Key, chain))));
            }
        }

        return new RouteIndex<RouteRuntime>(routes);
    }

    /// <summary>The routes that led here, the last one first.</summary>
    private sealed class Chain(string key, Chain? parent)
    {
        public int Depth { get; } = parent is null ? 0 : parent.Depth + 1;

        /// <summary>Key of the place: a group's route has another state for each route that delegates to it.</summary>
        public string Path { get; } = parent is null ? key : $"{parent.Path}>{key}";

        public bool Contains(string other) => key == other || (parent?.Contains(other) ?? false);
    }
}
