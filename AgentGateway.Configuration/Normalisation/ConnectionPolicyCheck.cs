using AgentGateway.Configuration.Reading;
using AgentGateway.Configuration.Snapshot;
using AgentGateway.Configuration.Snapshot.Policies;

namespace AgentGateway.Configuration.Normalisation;

/// <summary>
/// Reports policies that MCP backends do not act on: those of calls to upstreams where there are none, because all servers are child processes, and those
/// that are about other protocols. What would guard a backend is an error then; the rest is a warning, since a document that has it works.
/// </summary>
internal static class ConnectionPolicyCheck
{
    /// <param name="context">Takes the findings.</param>
    /// <param name="backend">The backend that would have to act on them; null when it is not known.</param>
    /// <param name="policies">The policies.</param>
    /// <param name="at">The mapping that they are keys of.</param>
    /// <param name="ofRoute">True for policies of a route, which acts on most kinds itself.</param>
    public static void Check(ReadContext context, BackendSnapshot? backend, EquatableArray<PolicySnapshot> policies, SourceLocation at, bool ofRoute)
    {
        if (backend is not McpBackendSnapshot mcp || mcp.Targets.IsEmpty)
        {
            return;
        }

        if (mcp.Targets.Any(static target => target is McpNetworkTargetSnapshot))
        {
            CheckKinds(context, policies, at);
            return;
        }

        foreach (var policy in policies)
        {
            if (KeyOf(policy, ofRoute) is not { } key)
            {
                continue;
            }

            var place = at.Key(key);
            if (policy.IsGuard)
            {
                // Whoever wrote it relies on requests being refused.
                context.SemanticError(place, $"{key} has nothing to act on: the MCP servers are child processes; remove it");
            }
            else
            {
                context.Warning(place.Path, place.Position, $"`{key}` has no effect: the MCP servers are child processes");
            }
        }
    }

    private static void CheckKinds(ReadContext context, EquatableArray<PolicySnapshot> policies, SourceLocation at)
    {
        foreach (var policy in policies)
        {
            var (place, what) = policy switch
            {
                A2aPolicy => (at.Key("a2a"), "a2a"),
                HealthPolicy => (at.Key("health"), "health"),
                RetryPolicy { Condition: not null } => (at.Key("retry").Key("condition"), "a condition of retry"),
                _ => (null, null),
            };
            if (place is not null)
            {
                context.SemanticError(place, $"{what} does not apply to MCP servers; remove it");
            }
        }
    }

    private static string? KeyOf(PolicySnapshot policy, bool ofRoute) => policy switch
    {
        BackendTls => "backendTLS",
        BackendAuth => "backendAuth",
        A2aPolicy => "a2a",
        BackendTunnel => "backendTunnel",
        _ when ofRoute => null,
        BackendHttp => "http",
        BackendTcp => "tcp",
        HealthPolicy => "health",
        AuthorizationPolicy => "authorization",
        ExtAuthz => "extAuthz",
        TransformationPolicy => "transformations",
        RequestHeaderModifier => "requestHeaderModifier",
        ResponseHeaderModifier => "responseHeaderModifier",
        RequestRedirect => "requestRedirect",
        _ => null,
    };
}
