using AgentGateway.Configuration.Model;
using AgentGateway.Configuration.Model.Mcp;
using AgentGateway.Configuration.Model.Traffic;
using AgentGateway.Configuration.Reading;
using AgentGateway.Configuration.Snapshot;

namespace AgentGateway.Configuration.Normalisation;

/// <summary>Makes the snapshot that the gateway runs on out of a document, and checks how its parts fit together.</summary>
internal sealed class Normaliser
{
    private const string Gateway = "default/default";
    private const int SimpleMcpPort = 3000;

    private readonly ConfigurationDocument _document;
    private readonly ReadContext _context;
    private readonly List<BindSnapshot> _binds = [];
    private readonly Dictionary<int, string> _ports = [];

    private Normaliser(ConfigurationDocument document, ReadContext context)
    {
        _document = document;
        _context = context;
    }

    public static GatewaySnapshot Normalise(ConfigurationDocument document, ReadContext context) => new Normaliser(document, context).Run();

    private GatewaySnapshot Run()
    {
        foreach (var bind in _document.Binds)
        {
            AddBind(bind);
        }

        if (_document.Mcp is { } mcp)
        {
            AddSimpleMcp(mcp);
        }

        return new GatewaySnapshot { Binds = [.. _binds], Tracing = _document.Config.Tracing };
    }

    private void AddBind(Bind bind)
    {
        if (bind.Port is not { } port)
        {
            _context.SemanticError(bind.At, "a bind without a port must set mode: internal");
            return;
        }

        ClaimPort(port, "binds", bind.PortAt);
        var key = $"bind/{port}";
        var listeners = new List<ListenerSnapshot>();
        for (var i = 0; i < bind.Listeners.Length; i++)
        {
            listeners.Add(ToListener(bind.Listeners[i], i, key));
        }

        _binds.Add(new BindSnapshot { Key = key, Port = port, Listeners = [.. listeners] });
    }

    // Port 0 asks the operating system for a free port, so several binds may have it.
    private void ClaimPort(int port, string surface, SourceLocation at)
    {
        if (port != 0 && !_ports.TryAdd(port, surface))
        {
            _context.SemanticError(at, $"port {port} is configured by both {_ports[port]} and {surface}; binds, llm, and mcp must use unique ports");
        }
    }

    private ListenerSnapshot ToListener(Listener listener, int index, string bindKey)
    {
        var name = listener.Name ?? $"listener{index}";
        var key = $"{Gateway}/{bindKey}/{name}";
        var routes = new RouteSnapshot[listener.Routes.Length];
        for (var i = 0; i < routes.Length; i++)
        {
            routes[i] = ToRoute(listener.Routes[i], i, key);
        }

        return new ListenerSnapshot
        {
            Key = key,
            Name = name,
            Gateway = Gateway,
            Hostname = listener.Hostname == "*" ? "" : listener.Hostname,
            Protocol = listener.Protocol,
            Routes = new EquatableArray<RouteSnapshot>(routes),
        };
    }

    private RouteSnapshot ToRoute(Route route, int index, string listenerKey)
    {
        var name = $"{route.Namespace ?? "default"}/{route.Name ?? $"route{index}"}";
        var key = $"{listenerKey}/{name}";
        var backends = new List<RouteBackendSnapshot>(route.Backends.Length);
        for (var i = 0; i < route.Backends.Length; i++)
        {
            if (ToBackend(route.Backends[i], $"{key}/backend{i}") is { } backend)
            {
                backends.Add(new RouteBackendSnapshot { Weight = route.Backends[i].Weight, Backend = backend });
            }
        }

        return new RouteSnapshot
        {
            Key = key,
            Name = name,
            RuleName = route.RuleName,
            Hostnames = route.Hostnames,
            Matches = route.Matches.IsEmpty ? [RouteMatchSnapshot.Any] : route.Matches,
            Backends = [.. backends],
        };
    }

    private BackendSnapshot? ToBackend(RouteBackend backend, string key)
    {
        if (backend.Host is { } host)
        {
            return new HostBackendSnapshot { Key = key, Target = host };
        }

        if (backend.Mcp is { } mcp)
        {
            return ToMcp(mcp, key);
        }

        if (backend.Backend is { } name)
        {
            _context.SemanticError(backend.BackendAt, $"unknown backend `{Quoting.Shorten(name)}`; add an entry of this name to `backends`");
        }

        return null;
    }

    private McpBackendSnapshot ToMcp(McpBackend mcp, string key)
    {
        var targets = new List<McpTargetSnapshot>(mcp.Targets.Length);
        var names = new HashSet<string>(StringComparer.Ordinal);
        foreach (var target in mcp.Targets)
        {
            if (!names.Add(target.Name))
            {
                _context.SemanticError(target.NameAt, $"duplicate target name `{target.Name}`; names of targets must be unique");
            }

            if (names.Count == 2)
            {
                _context.NotSupportedYet(target.NameAt, "more than one target in an MCP backend");
            }

            if (target.Stdio is { } stdio)
            {
                targets.Add(new McpStdioTargetSnapshot
                {
                    Name = target.Name,
                    Command = stdio.Command,
                    Arguments = stdio.Arguments,
                    Environment = stdio.Environment,
                    ClearEnvironment = stdio.ClearEnvironment,
                });
            }
            else if (target.Mcp is { } connection)
            {
                targets.Add(new McpHttpTargetSnapshot { Name = target.Name, Endpoint = connection.Endpoint });
            }
        }

        return new McpBackendSnapshot
        {
            Key = key,
            Targets = [.. targets],
            SessionIdleTimeout = _document.Config.McpSessionIdleTimeout,
            Stateful = mcp.Stateful,
            PrefixMode = mcp.PrefixMode,
            FailOpen = mcp.FailOpen,
            DnsRebindingProtection = mcp.DnsRebindingProtection,
        };
    }

    private void AddSimpleMcp(SimpleMcp mcp)
    {
        var port = mcp.Port ?? SimpleMcpPort;
        ClaimPort(port, "mcp", mcp.Port is null ? mcp.At : mcp.PortAt);
        var bindKey = $"bind/{port}";
        var listenerKey = $"{Gateway}/{bindKey}/mcp";
        var route = new RouteSnapshot
        {
            Key = $"{listenerKey}/internal/mcp:default",
            Name = "internal/mcp:default",
            Backends = [new RouteBackendSnapshot { Backend = ToMcp(mcp.Backend, "/mcp") }],
        };
        _binds.Add(new BindSnapshot
        {
            Key = bindKey,
            Port = port,
            Listeners = [new ListenerSnapshot { Key = listenerKey, Name = "mcp", Gateway = Gateway, Routes = [route] }],
        });
    }
}
