using AgentGateway.Configuration.Model.Policies;
using AgentGateway.Configuration.Reading;
using AgentGateway.Configuration.Snapshot.Policies;

namespace AgentGateway.Configuration.Model.Traffic;

/// <summary>A TCP route as written.</summary>
internal sealed record TcpRoute
{
    public static Shape<TcpRoute> Shape { get; } = Shapes.Object("TcpRoute", "A route of connections, chosen by server name.", Read);

    public required SourceLocation At { get; init; }

    public string? Name { get; init; }

    public string? Namespace { get; init; }

    public string? RuleName { get; init; }

    public EquatableArray<string> Hostnames { get; init; }

    public EquatableArray<PolicySnapshot> Policies { get; init; } = [];

    public EquatableArray<RouteBackend> Backends { get; init; }

    public static TcpRoute Read(ObjectReader r) => new()
    {
        At = r.Location,
        Name = r.Optional("name", Shapes.NonEmptyText, "Name in logs; `tcproute<index>` by default.", "database"),
        Namespace = r.Optional("namespace", Shapes.NonEmptyText, "Namespace of the name; `default` by default.", "default"),
        RuleName = r.Optional("ruleName", Shapes.NonEmptyText, "Name of the rule inside the route.", "rule0"),
        Hostnames = r.List("hostnames", TrafficShapes.Hostname, "Server names (SNI): exact or `*.suffix`; empty for any.", "[db.example.com]"),
        Policies = r.Value("policies", PolicySetShapes.TcpRoute, [], "What applies to connections of the route.", "{}"),
        Backends = r.List("backends", RouteBackend.TcpShape, "Weighted choices of where to connect."),
    };
}

/// <summary>A TCP route that attaches to gateways.</summary>
/// <param name="Route">The route.</param>
/// <param name="Gateways">Names of gateways, or <c>gateway/listener</c>; null when the default one is meant.</param>
internal sealed record AttachedTcpRoute(TcpRoute Route, EquatableArray<Located<string>>? Gateways)
{
    public static Shape<AttachedTcpRoute> Shape { get; } = Shapes.Object("AttachedTcpRoute", "A TCP route that attaches to gateways.", static r =>
    {
        var gateways = AttachedRoute.ReadGateways(r);
        return new AttachedTcpRoute(TcpRoute.Read(r), gateways);
    });
}
