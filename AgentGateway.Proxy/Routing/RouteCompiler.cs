using System.Collections.Frozen;
using AgentGateway.Configuration;
using AgentGateway.Configuration.Snapshot;
using AgentGateway.Configuration.Snapshot.Policies;
using AgentGateway.Proxy.Backends;
using AgentGateway.Proxy.Backends.Forwarding;
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
    /// <exception cref="IOException">A policy cannot be used, or groups are nested beyond the bounds.</exception>
    public RouteRuntime Compile(RouteSnapshot route) => Compile(route, [], new Chain(route, null));

    private RouteRuntime Compile(RouteSnapshot route, EquatableArray<PolicySnapshot> inherited, Chain chain)
    {
        if (++_compiled > MaxRoutes)
        {
            throw new IOException($"listener {listener.Key}: route groups expand to more than {MaxRoutes} routes");
        }

        var policies = PolicyChain.Compile<IRequestPolicy>(route.Policies, new PolicyScope(services, PolicyStage.Route, chain.Path) { StateKey = chain.StateKey });
        var choices = new List<RouteBackendRuntime>(route.Backends.Length);
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
        var ofRoute = WithoutStep(route.Policies);
        var policies = PolicySets.Merge(listener.BackendPolicies, choice.Backend.Policies, ofRoute, inherited, choice.Policies);
        var scope = new PolicyScope(services, PolicyStage.Backend, $"{chain.Path}#{index}") { StateKey = $"{chain.StateKey}#{index}" };
        if (target is McpBackendSnapshot mcp)
        {
            var calls = CompileTargets(mcp, route, policies, PolicySets.Merge(ofRoute, inherited, choice.Policies), scope);
            var servers = backends.Get(target);
            foreach (var (_, one) in calls)
            {
                backends.Uses(servers, one.Transport);
            }

            return new RouteBackendRuntime(choice, servers, policies) { TargetCalls = calls };
        }

        var call = BackendCalls.Compile(policies, route.Policies, scope, backends.Snapshot);
        var handler = backends.Get(target);
        backends.Uses(handler, call.Transport);
        return new RouteBackendRuntime(choice, handler, policies) { Call = call };
    }

    private static EquatableArray<PolicySnapshot> WithoutStep(EquatableArray<PolicySnapshot> policies)
    {
        List<PolicySnapshot>? left = null;
        foreach (var policy in policies)
        {
            if (!PolicyOrder.HasStep(PolicyStage.Route, policy.Kind))
            {
                (left ??= []).Add(policy);
            }
        }

        return left is null ? [] : [.. left];
    }

    private FrozenDictionary<string, BackendCall> CompileTargets(
        McpBackendSnapshot backend, RouteSnapshot route, EquatableArray<PolicySnapshot> policies, EquatableArray<PolicySnapshot> upper, PolicyScope scope)
    {
        if (!backend.Targets.Any(static target => target is McpNetworkTargetSnapshot))
        {
            McpTargetCalls.RefuseWithoutConnections(backend, policies, scope);
            return FrozenDictionary<string, BackendCall>.Empty;
        }

        return McpTargetCalls.Compile(backend, PolicySets.Merge(listener.BackendPolicies, backend.Policies), upper, route.Policies, scope, backends.Snapshot);
    }

    private RouteIndex<RouteRuntime> CompileGroup(string name, RouteSnapshot parent, EquatableArray<PolicySnapshot> inherited, Chain chain)
    {
        if (chain.Depth >= MaxDepth)
        {
            throw new IOException($"route {parent.Name}: route groups are nested more than {MaxDepth} deep");
        }

        var routes = new List<(RouteSnapshot, RouteRuntime)>();
        if (backends.Snapshot.RouteGroups.TryGetValue(name, out var group))
        {
            foreach (var route in group)
            {
                var merged = route with { Policies = PolicySets.Merge(parent.Policies, route.Policies) };
                routes.Add((route, chain.Contains(route.Key) ? RouteRuntime.Cycle(route) : Compile(merged, inherited, new Chain(route, chain))));
            }
        }

        return new RouteIndex<RouteRuntime>(routes);
    }

    /// <summary>The routes that led here, the last one first.</summary>
    private sealed class Chain(RouteSnapshot route, Chain? parent)
    {
        public int Depth { get; } = parent is null ? 0 : parent.Depth + 1;

        /// <summary>Key of the place.</summary>
        public string Path { get; } = parent is null ? route.Key : $"{parent.Path}>{route.Key}";

        /// <summary>Key of the place's state: a group's route has another one for each route that delegates to it.</summary>
        public string StateKey { get; } = parent is null ? route.StateKey : $"{parent.StateKey}>{route.StateKey}";

        public bool Contains(string other) => route.Key == other || (parent?.Contains(other) ?? false);
    }
}
