using AgentGateway.Configuration.Model.Policies;
using AgentGateway.Configuration.Model.Traffic;
using AgentGateway.Configuration.Reading;
using AgentGateway.Configuration.Snapshot.Policies;

namespace AgentGateway.Configuration.Model.Mcp;

/// <summary>The short form of one MCP endpoint.</summary>
/// <param name="At">Where it stands.</param>
/// <param name="PortAt">Where its port stands.</param>
/// <param name="Gateways">Gateways that it attaches to; null when own port or default gateway is meant.</param>
/// <param name="Port">Own port, if any.</param>
/// <param name="Backend">The servers.</param>
/// <param name="Policies">Policies of its route.</param>
internal sealed record SimpleMcp(
    SourceLocation At, SourceLocation PortAt, EquatableArray<Located<string>>? Gateways, int? Port, McpBackend Backend, EquatableArray<PolicySnapshot> Policies)
{
    public static Shape<SimpleMcp> Shape { get; } = Shapes.Object("SimpleMcp", "One MCP endpoint on a port of its own or on a gateway.", static r =>
    {
        var gateways = AttachedRoute.ReadGateways(r);
        var port = r.OptionalValue("port", Shapes.Port, "Own port; 3000 when there is no gateway to attach to.", "3000", "3000");
        if (r.IsSet("gateways") && r.IsSet("port"))
        {
            r.Error("gateways", "mcp.gateways cannot be used with mcp.port; remove one of the two");
        }

        return new SimpleMcp(
            r.Location,
            r.At("port"),
            gateways,
            port,
            McpBackend.Read(r),
            r.Value("policies", PolicySetShapes.Route, [], "What applies to requests of the endpoint.", "{}"));
    });
}
