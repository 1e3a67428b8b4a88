using AgentGateway.Configuration.Model.Mcp;
using AgentGateway.Configuration.Reading;
using AgentGateway.Configuration.Snapshot;
using AgentGateway.Configuration.Snapshot.Policies;

namespace AgentGateway.Configuration.Normalisation;

/// <summary>The short form of one MCP endpoint.</summary>
internal static class SimpleMcpNormaliser
{
    private const int DefaultPort = 3000;

    // Attached to a gateway, unrelated paths stay free for other routes.
    private static readonly EquatableArray<RouteMatchSnapshot> Shared =
    [
        new() { Path = new PathMatchSnapshot(PathMatchKind.Prefix, "/mcp") },
        new() { Path = new PathMatchSnapshot(PathMatchKind.Prefix, "/sse") },
        new() { Path = new PathMatchSnapshot(PathMatchKind.Prefix, "/.well-known") },
    ];

    public static void Add(
        SimpleMcp? mcp, ReadContext context, GatewayTable gateways, BindTable binds, BackendTable backends, PolicyTargets targets, RouteFactory routes)
    {
        if (mcp is null)
        {
            return;
        }

        var backend = backends.CreateMcp(mcp.Backend, "/mcp", null, []);
        ConnectionPolicyCheck.Check(context, backend, mcp.Policies, mcp.At.Key("policies"), ofRoute: true);
        if (mcp.Gateways is null && (mcp.Port is not null || !gateways.HasDefault(http: true)))
        {
            var port = mcp.Port ?? DefaultPort;
            var listener = binds.Open(port, "mcp", mcp.Port is null ? mcp.At : mcp.PortAt, "mcp", ListenerProtocol.Http, null, [], targets);
            listener.Add(ToRoute(mcp, listener, backend, [RouteMatchSnapshot.Any], targets));
            return;
        }

        foreach (var listener in gateways.Resolve(mcp.Gateways, http: true, mcp.At, "mcp"))
        {
            listener.Add(ToRoute(mcp with { Policies = LocalRateLimits.Share(mcp.Policies, "mcp") }, listener, backend, Shared, targets));
        }
    }

    private static RouteSnapshot ToRoute(
        SimpleMcp mcp, ListenerBuilder listener, McpBackendSnapshot backend, EquatableArray<RouteMatchSnapshot> matches, PolicyTargets targets) => new()
        {
            Key = $"{listener.Key}/internal/mcp:default",
            Name = "internal/mcp:default",
            Matches = matches,
            Backends = [new RouteBackendSnapshot { Backend = backend }],
            Policies = PolicySets.Merge(listener.RoutePolicies, targets.ForRoute("internal/mcp:default", null), mcp.Policies),
        };
}
