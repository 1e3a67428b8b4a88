using System.Collections.Frozen;
using AgentGateway.Configuration;
using AgentGateway.Configuration.Snapshot;
using AgentGateway.Configuration.Snapshot.Policies;
using AgentGateway.Proxy.Backends.Forwarding;
using AgentGateway.Proxy.Policies;

namespace AgentGateway.Proxy.Routing;

/// <summary>Compiles how a route calls each HTTP server of an MCP backend: the server's own policies stand between those of the route's choice and of the named backend.</summary>
internal static class McpTargetCalls
{
    /// <param name="backend">The MCP backend.</param>
    /// <param name="lower">Levels below the target's, least specific first: listener, named backend.</param>
    /// <param name="upper">Levels above it: route, choice.</param>
    /// <param name="routePolicies">Policies of the route, of which retries and the time limit of an attempt concern the calls.</param>
    /// <param name="scope">Place of the policies.</param>
    /// <param name="snapshot">Where named backends are found.</param>
    /// <exception cref="PolicySettingsException">A policy cannot act on calls to MCP servers.</exception>
    public static FrozenDictionary<string, BackendCall> Compile(
        McpBackendSnapshot backend,
        EquatableArray<PolicySnapshot> lower,
        EquatableArray<PolicySnapshot> upper,
        EquatableArray<PolicySnapshot> routePolicies,
        PolicyScope scope,
        GatewaySnapshot snapshot)
    {
        var calls = new Dictionary<string, BackendCall>(StringComparer.Ordinal);
        foreach (var target in backend.Targets)
        {
            if (target is not McpNetworkTargetSnapshot network)
            {
                continue;
            }

            if (network.Backend is not (null or HostBackendSnapshot))
            {
                throw Refuse(scope, $"MCP target {target.Name} refers to {network.Backend.Key}, which is no host backend");
            }

            var policies = PolicySets.Merge(lower, network.Backend?.Policies ?? [], network.Policies, upper);
            foreach (var policy in policies)
            {
                if (policy is HealthPolicy or A2aPolicy)
                {
                    throw Refuse(scope, $"the policy {policy.Kind.Name} does not apply to MCP servers; remove it");
                }
            }

            // TLS by the scheme of the address verifies against the system's roots, unless a policy says more.
            if (network.Endpoint.Scheme == Uri.UriSchemeHttps)
            {
                policies = PolicySets.Merge([new BackendTls()], policies);
            }

            var call = BackendCalls.Compile(policies, routePolicies, scope with { OwnerKey = $"{scope.OwnerKey}/{target.Name}", StateKey = $"{scope.StateKey}/{target.Name}" }, snapshot);
            calls[target.Name] = call.Retry is { Condition: not null } ? throw Refuse(scope, "retry.condition does not apply to MCP servers; remove it") : call;
        }

        return calls.ToFrozenDictionary(StringComparer.Ordinal);
    }

    /// <summary>A backend that is only child processes has no connections for policies to act on.</summary>
    public static void RefuseWithoutConnections(McpBackendSnapshot backend, EquatableArray<PolicySnapshot> policies, PolicyScope scope)
    {
        foreach (var policy in policies)
        {
            if (policy.IsGuard)
            {
                throw Refuse(scope, $"the policy {policy.Kind.Name} has nothing to act on: the MCP servers of {backend.Key} are child processes; remove it");
            }
        }
    }

    private static PolicySettingsException Refuse(PolicyScope scope, string problem) => new(scope.OwnerKey, problem, null);
}
