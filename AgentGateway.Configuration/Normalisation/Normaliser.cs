using AgentGateway.Configuration.Model;
using AgentGateway.Configuration.Reading;
using AgentGateway.Configuration.Snapshot;
using AgentGateway.Configuration.Snapshot.Frontend;
using AgentGateway.Configuration.Snapshot.Policies;

namespace AgentGateway.Configuration.Normalisation;

/// <summary>Makes the snapshot that the gateway runs on out of a document, and checks how its parts fit together.</summary>
internal sealed class Normaliser
{
    private readonly ConfigurationDocument _document;
    private readonly ReadContext _context;
    private readonly BindTable _binds;
    private readonly BackendTable _backends;
    private readonly PolicyTargets _targets;
    private readonly RouteFactory _routes;
    private readonly GatewayTable _gateways;

    private Normaliser(ConfigurationDocument document, ReadContext context)
    {
        _document = document;
        _context = context;
        _targets = new PolicyTargets(document.Policies, context);
        _backends = new BackendTable(document, context, _targets);
        _routes = new RouteFactory(_backends, _targets, context);
        _binds = new BindTable(context);
        _gateways = new GatewayTable(document.Gateways, _binds, _targets, context);
    }

    public static GatewaySnapshot Normalise(ConfigurationDocument document, ReadContext context) => new Normaliser(document, context).Run();

    private GatewaySnapshot Run()
    {
        foreach (var bind in _document.Binds)
        {
            _binds.Add(bind, _routes, _targets);
        }

        _gateways.Open();
        AttachRoutes();
        var llm = _document.Llm is { } section ? LlmNormaliser.Normalise(section, _context, _gateways, _binds, _targets, _routes) : null;
        SimpleMcpNormaliser.Add(_document.Mcp, _context, _gateways, _binds, _backends, _targets, _routes);
        UiNormaliser.Add(_document.Ui, _context, _gateways, _targets, _routes);
        var groups = RouteGroups();
        _backends.CheckReferences();
        _targets.CheckUsed();
        return new GatewaySnapshot
        {
            Binds = _binds.ToSnapshots(),
            Backends = _backends.Named,
            Tracing = Tracing(),
            Frontend = _document.FrontendPolicies?.Frontend ?? new FrontendSnapshot(),
            AccessLog = AccessLog(),
            RouteGroups = groups,
            Services = _backends.Services,
            Llm = llm,
        };
    }

    private void AttachRoutes()
    {
        for (var i = 0; i < _document.Routes.Length; i++)
        {
            var (route, gateways) = _document.Routes[i];
            var listeners = _gateways.Resolve(gateways, http: true, route.At, $"routes.{route.Name ?? $"route{i}"}").ToList();
            if (listeners.Count > 1)
            {
                // One route with one limit, however many ways lead to it.
                route = route with { Policies = LocalRateLimits.Share(route.Policies, $"route {route.Namespace ?? "default"}/{route.Name ?? StateKeys.Of(route)}/{route.RuleName}") };
            }

            foreach (var listener in listeners)
            {
                listener.Add(_routes.ToRoute(route, listener.RouteCount, listener));
            }
        }

        for (var i = 0; i < _document.TcpRoutes.Length; i++)
        {
            var (route, gateways) = _document.TcpRoutes[i];
            foreach (var listener in _gateways.Resolve(gateways, http: false, route.At, $"tcpRoutes.{route.Name ?? $"tcproute{i}"}"))
            {
                listener.Add(_routes.ToTcpRoute(route, listener.TcpRouteCount, listener));
            }
        }
    }

    private EquatableMap<EquatableArray<RouteSnapshot>> RouteGroups()
    {
        var groups = new OrderedDictionary<string, EquatableArray<RouteSnapshot>>(StringComparer.Ordinal);
        foreach (var group in _document.RouteGroups)
        {
            var routes = new RouteSnapshot[group.Routes.Length];
            for (var i = 0; i < routes.Length; i++)
            {
                routes[i] = _routes.ToRoute(group.Routes[i], i, $"routeGroup/{group.Name}");
            }

            if (!groups.TryAdd(group.Name, new EquatableArray<RouteSnapshot>(routes)))
            {
                _context.SemanticError(group.NameAt, $"duplicate route group `{Quoting.Shorten(group.Name)}`; names must be unique");
            }
        }

        _routes.CheckGroups(groups);
        new RouteGroupCheck(_document.RouteGroups, _context).Run();
        return new EquatableMap<EquatableArray<RouteSnapshot>>(groups);
    }

    private TracingSnapshot? Tracing()
    {
        var older = _document.Config.Tracing;
        var newer = _document.FrontendPolicies?.Tracing;
        if (older is not null && newer is not null)
        {
            _context.SemanticError(_document.FrontendPolicies!.TracingAt, "cannot use deprecated config.tracing together with frontendPolicies.tracing; remove config.tracing");
        }

        return newer ?? older;
    }

    private AccessLog AccessLog()
    {
        var settings = _document.Config;
        var newer = _document.FrontendPolicies;
        if (settings.AccessLogFilter is null && settings.AccessLogFields is null)
        {
            return newer?.AccessLog ?? new AccessLog();
        }

        if (newer is { HasAccessLog: true })
        {
            _context.SemanticError(newer.AccessLogAt, "cannot use deprecated config.logging together with frontendPolicies.accessLog; move filter and fields there");
        }

        return new AccessLog
        {
            Filter = settings.AccessLogFilter,
            Add = settings.AccessLogFields?.Add ?? EquatableMap<Expression>.Empty,
            Remove = settings.AccessLogFields?.Remove ?? [],
        };
    }
}
