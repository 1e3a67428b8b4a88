using AgentGateway.Configuration.Model.Discovery;
using AgentGateway.Configuration.Model.Llm;
using AgentGateway.Configuration.Model.Mcp;
using AgentGateway.Configuration.Model.Static;
using AgentGateway.Configuration.Model.Traffic;
using AgentGateway.Configuration.Reading;
using AgentGateway.Configuration.Snapshot;

namespace AgentGateway.Configuration.Model;

/// <summary>A whole configuration file as it is written.</summary>
internal sealed record ConfigurationDocument
{
    public static Shape<ConfigurationDocument> Shape { get; } = Shapes.Object("Document", "The configuration file.", static r => new ConfigurationDocument
    {
        Config = r.Value("config", StaticShapes.Settings, r.IsSet("config") ? StaticShapes.Defaults(r.Context) : StaticShapes.OfEnvironment(r.Context), "Process-wide settings, read once at start.", null),
        Binds = r.List("binds", Bind.Shape, "Ports with their listeners and routes.", "[{port: 3000, listeners: [{routes: []}]}]"),
        Gateways = r.Map("gateways", Gateway.Shape.Located(), "Named listeners, which `routes`, `tcpRoutes`, `llm`, `mcp` and `ui` attach to.", "default"),
        Routes = r.List("routes", AttachedRoute.Shape, "HTTP routes that attach to gateways."),
        TcpRoutes = r.List("tcpRoutes", AttachedTcpRoute.Shape, "TCP routes that attach to gateways."),
        Mcp = r.Optional("mcp", SimpleMcp.Shape, "One MCP endpoint, the short form."),
        Llm = r.Optional("llm", LlmSection.Shape, "One LLM endpoint, the short form."),
        Ui = r.Optional("ui", UiSection.Shape, "The admin page behind a gateway."),
        FrontendPolicies = r.Optional("frontendPolicies", FrontendSection.Shape, "Access log, tracing, and limits towards clients."),
        Backends = r.List("backends", NamedBackend.Shape, "Backends that routes and policies name."),
        Policies = r.List("policies", TargetedPolicy.Shape, "Policies that name what they apply to."),
        RouteGroups = r.List("routeGroups", RouteGroup.Shape, "Sets of routes that other routes delegate to."),
        Services = r.List("services", Service.Shape, "Services of the registry."),
        Workloads = r.List("workloads", Workload.Shape, "Endpoints of services of the registry."),
    });

    public required StaticSettings Config { get; init; }

    public EquatableArray<Bind> Binds { get; init; }

    public EquatableMap<Located<Gateway>> Gateways { get; init; } = EquatableMap<Located<Gateway>>.Empty;

    public EquatableArray<AttachedRoute> Routes { get; init; }

    public EquatableArray<AttachedTcpRoute> TcpRoutes { get; init; }

    public SimpleMcp? Mcp { get; init; }

    public LlmSection? Llm { get; init; }

    public UiSection? Ui { get; init; }

    public FrontendSection? FrontendPolicies { get; init; }

    public EquatableArray<NamedBackend> Backends { get; init; }

    public EquatableArray<TargetedPolicy> Policies { get; init; }

    public EquatableArray<RouteGroup> RouteGroups { get; init; }

    public EquatableArray<Service> Services { get; init; }

    public EquatableArray<Workload> Workloads { get; init; }
}
