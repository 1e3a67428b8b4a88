using AgentGateway.Configuration.Reading;
using AgentGateway.Configuration.Snapshot;

namespace AgentGateway.Configuration.Model.Traffic;

/// <summary>An HTTP route as written.</summary>
internal sealed record Route
{
    public static Shape<Route> Shape { get; } = Shapes.Object("Route", "An HTTP route: what it matches, what applies, where it goes.", Read);

    public required SourceLocation At { get; init; }

    public string? Name { get; init; }

    public string? Namespace { get; init; }

    public string? RuleName { get; init; }

    public EquatableArray<string> Hostnames { get; init; }

    public EquatableArray<RouteMatchSnapshot> Matches { get; init; }

    public EquatableArray<RouteBackend> Backends { get; init; }

    public static Route Read(ObjectReader r) => new()
    {
        At = r.Location,
        Name = r.Optional("name", Shapes.NonEmptyText, "Name in logs, metrics and spans, and tie-break of equal matches; `route<index>` by default.", "users"),
        Namespace = r.Optional("namespace", Shapes.NonEmptyText, "Namespace of the name; `default` by default.", "default"),
        RuleName = r.Optional("ruleName", Shapes.NonEmptyText, "Name of the rule inside the route.", "rule0"),
        Hostnames = r.List("hostnames", TrafficShapes.Hostname, "Host names: exact or `*.suffix`; empty for any."),
        Matches = r.Value("matches", Shapes.List(TrafficShapes.Match), [RouteMatchSnapshot.Any], "Alternatives of which one must hold.", "[{path: {pathPrefix: /}}]"),
        Backends = r.List("backends", RouteBackend.Shape, "Weighted choices of where to send the request."),
    };
}
