using AgentGateway.Configuration.Model.Mcp;
using AgentGateway.Configuration.Model.Policies;
using AgentGateway.Configuration.Reading;
using AgentGateway.Configuration.Snapshot;
using AgentGateway.Configuration.Snapshot.Policies;

namespace AgentGateway.Configuration.Model.Traffic;

/// <summary>A weighted choice of a route as written. Exactly one kind is set.</summary>
internal sealed record RouteBackend
{
    public static Shape<RouteBackend> Shape { get; } = Shapes.Object("RouteBackend", "A weighted choice of a route.", ReadHttp);

    public static Shape<RouteBackend> TcpShape { get; } = Shapes.Object("TcpRouteBackend", "A weighted choice of a TCP route.", ReadTcp);

    public required SourceLocation At { get; init; }

    public int Weight { get; init; } = 1;

    public TargetAddress? Host { get; init; }

    public Located<string>? Backend { get; init; }

    public ServiceReference? Service { get; init; }

    public DynamicTarget? Dynamic { get; init; }

    public McpBackend? Mcp { get; init; }

    public AiBackend? Ai { get; init; }

    public AwsBackend? Aws { get; init; }

    public string? Internal { get; init; }

    public Located<string>? RouteGroup { get; init; }

    public EquatableArray<PolicySnapshot> Policies { get; init; } = [];

    private static Shape<int> WeightShape { get; } = Shapes.Int(0, 1_000_000, "1");

    private static RouteBackend ReadHttp(ObjectReader r)
    {
        var backend = new RouteBackend
        {
            At = r.Location,
            Weight = ReadWeight(r),
            Host = ReadHost(r),
            Backend = ReadReference(r),
            Service = ReadService(r),
            Dynamic = r.Optional("dynamic", DynamicTarget.Shape, "The host that the request names: a forward proxy.", "{}"),
            Mcp = r.Optional("mcp", McpBackend.Shape, "MCP servers behind one endpoint."),
            Ai = r.Optional("ai", AiBackend.Shape, "LLM providers."),
            Aws = r.Optional("aws", AwsBackend.Shape, "A service of AWS."),
            Internal = r.Optional("internal", NamedBackend.InternalTarget, "The gateway's own admin page: `forward` keeps the path, a path replaces it.", "forward"),
            RouteGroup = r.Optional("routeGroup", Shapes.NonEmptyText.Located(), "Name of an entry of `routeGroups` whose routes decide.", "team-a"),
            Policies = r.Value("policies", PolicySetShapes.Backend, [], "Policies that apply to each attempt at this backend.", "{}"),
        };
        r.ExactlyOne("host", "backend", "service", "dynamic", "mcp", "ai", "aws", "internal", "routeGroup");
        if (backend.Service is null && r.HasInside("policies", "inferenceRouting"))
        {
            r.Error("policies", "inferenceRouting", "inferenceRouting is only supported on service route backends; remove it, or choose `service`");
        }

        return backend;
    }

    private static RouteBackend ReadTcp(ObjectReader r)
    {
        var backend = new RouteBackend
        {
            At = r.Location,
            Weight = ReadWeight(r),
            Host = ReadHost(r),
            Backend = ReadReference(r),
            Service = ReadService(r),
            Dynamic = r.Optional("dynamic", DynamicTarget.Shape, "The server name that the client asks for.", "{}"),
            Policies = r.Value("policies", PolicySetShapes.TcpBackend, [], "Policies of the connection.", "{}"),
        };
        r.ExactlyOne("host", "backend", "service", "dynamic");
        return backend;
    }

    private static int ReadWeight(ObjectReader r) => r.Value("weight", WeightShape, 1, "Relative weight; 0 is never chosen.", "1");

    private static TargetAddress? ReadHost(ObjectReader r) => r.Optional("host", AddressShape.Target, "A plain upstream as `host:port`.", "localhost:8080");

    private static Located<string>? ReadReference(ObjectReader r) =>
        r.Optional("backend", Shapes.NonEmptyText.Located(), "Name of an entry of `backends`, with or without a leading `/`.", "/shared");

    private static ServiceReference? ReadService(ObjectReader r)
    {
        var service = r.Optional("service", ServiceReference.Shape, "A service of the registry.");
        if (service is not null)
        {
            r.Context.ServiceReferences.Add(new Located<ServiceReference>(service, r.At("service")));
        }

        return service;
    }
}
