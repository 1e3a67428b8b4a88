using AgentGateway.Configuration.Model.Policies;
using AgentGateway.Configuration.Reading;
using AgentGateway.Configuration.Snapshot;
using AgentGateway.Configuration.Snapshot.Policies;

namespace AgentGateway.Configuration.Model.Traffic;

/// <summary>An HTTP route as written.</summary>
internal sealed record Route
{
    public static Shape<Route> Shape { get; } = Shapes.Object("Route", "An HTTP route: what it matches, what applies, where it goes.", Read);

    private static readonly Shape<EquatableArray<RouteMatchSnapshot>> MatchesShape = Shapes.List(TrafficShapes.Match);

    private static readonly EquatableArray<RouteMatchSnapshot> AnyRequest = [RouteMatchSnapshot.Any];

    public required SourceLocation At { get; init; }

    public string? Name { get; init; }

    public string? Namespace { get; init; }

    public string? RuleName { get; init; }

    public EquatableArray<string> Hostnames { get; init; }

    public EquatableArray<RouteMatchSnapshot> Matches { get; init; }

    public EquatableArray<PolicySnapshot> Policies { get; init; } = [];

    public EquatableArray<RouteBackend> Backends { get; init; }

    public static Route Read(ObjectReader r)
    {
        var route = new Route
        {
            At = r.Location,
            Name = r.Optional("name", Shapes.NonEmptyText, "Name in logs, metrics and spans, and tie-break of equal matches; `route<index>` by default.", "users"),
            Namespace = r.Optional("namespace", Shapes.NonEmptyText, "Namespace of the name; `default` by default.", "default"),
            RuleName = r.Optional("ruleName", Shapes.NonEmptyText, "Name of the rule inside the route.", "rule0"),
            Hostnames = r.List("hostnames", TrafficShapes.Hostname, "Host names: exact or `*.suffix`; empty for any.", "[api.example.com]"),
            Matches = r.Value("matches", MatchesShape, AnyRequest, "Alternatives of which one must hold.", "[{path: {pathPrefix: /}}]"),
            Policies = r.Value("policies", PolicySetShapes.Route, [], "What applies to requests of the route.", "{}"),
            Backends = r.List("backends", RouteBackend.Shape, "Weighted choices of where to send the request."),
        };
        if (!r.Describing && ReplacesPrefix(route.Policies) && route.Matches.Any(static m => m.Path.Kind != PathMatchKind.Prefix))
        {
            r.Error("policies", "path.prefix of urlRewrite and requestRedirect needs a pathPrefix in every match of the route; use path.full, or change the matches");
        }

        return route;
    }

    private static bool ReplacesPrefix(EquatableArray<PolicySnapshot> policies)
    {
        foreach (var policy in policies)
        {
            if (policy is RequestRedirect { Path.Prefix: true } or UrlRewrite { Path.Prefix: true })
            {
                return true;
            }
        }

        return false;
    }
}
