using AgentGateway.Configuration.Model.Traffic;
using AgentGateway.Configuration.Reading;
using AgentGateway.Configuration.Snapshot;
using AgentGateway.Configuration.Snapshot.Policies;

namespace AgentGateway.Configuration.Normalisation;

/// <summary>Ports, who asked for them, and their listeners.</summary>
internal sealed class BindTable(ReadContext context)
{
    /// <summary>Gateway of everything that runs outside of clusters.</summary>
    public const string Gateway = "default/default";

    private readonly List<Entry> _entries = [];
    private readonly Dictionary<int, string> _ports = [];
    private bool _wildcard;
    private int _freePorts;

    /// <summary>Adds an entry of <c>binds</c>.</summary>
    public void Add(Bind bind, RouteFactory routes, PolicyTargets targets)
    {
        if (bind.Port is null && !bind.Internal)
        {
            if (!context.IsWrong(bind.At.Path.Key("mode")))
            {
                context.SemanticError(bind.PortAt, "a bind without a port must set mode: internal");
            }

            return;
        }

        var wildcard = bind.Internal && bind.Port is null or 0;
        if (wildcard && _wildcard)
        {
            context.SemanticError(bind.PortAt, "at most one wildcard bind is allowed; give this one a port");
        }

        _wildcard |= wildcard;
        var port = bind.Port ?? 0;
        if (!wildcard)
        {
            Claim(port, "binds", bind.PortAt);
        }

        var entry = new Entry(wildcard ? "bind/wildcard" : KeyOf(port), port, bind.TunnelProtocol, bind.Internal, []);
        var names = new HashSet<string>(StringComparer.Ordinal);
        var states = new StateKeys();
        for (var i = 0; i < bind.Listeners.Length; i++)
        {
            var listener = bind.Listeners[i];
            var name = listener.Name ?? $"listener{i}";
            if (!names.Add(name))
            {
                context.SemanticError(listener.NameAt, $"duplicate listener name `{Quoting.Shorten(name)}`; names of one port must be unique");
            }

            var key = $"{Gateway}/{entry.Key}/{name}";
            var stateKey = listener.Name is null ? states.Of($"{Gateway}/{entry.Key}/{StateKeys.Of(listener)}") : key;
            var builder = ToBuilder(key, stateKey, port, name, listener.Hostname, listener.Protocol, listener.Tls, listener.Policies, targets);
            WarnOfUnreachable(bind.Listeners, i);
            entry.Listeners.Add(builder);
            for (var j = 0; j < listener.Routes.Length; j++)
            {
                builder.Add(routes.ToRoute(listener.Routes[j], j, builder));
            }

            for (var j = 0; j < listener.TcpRoutes.Length; j++)
            {
                builder.Add(routes.ToTcpRoute(listener.TcpRoutes[j], j, builder));
            }
        }

        _entries.Add(entry);
    }

    /// <summary>Opens a port of its own for one listener.</summary>
    public ListenerBuilder Open(int port, string surface, SourceLocation at, string name, ListenerProtocol protocol, ServerTls? tls, EquatableArray<PolicySnapshot> policies, PolicyTargets targets)
    {
        Claim(port, surface, at);
        var entry = new Entry(KeyOf(port), port, TunnelProtocol.Direct, false, []);
        _entries.Add(entry);
        return Add(entry, name, name, "", protocol, tls, policies, targets);
    }

    /// <summary>Opens a port for several listeners.</summary>
    public Entry Open(int port, string surface, SourceLocation at)
    {
        Claim(port, surface, at);
        var entry = new Entry(KeyOf(port), port, TunnelProtocol.Direct, false, []);
        _entries.Add(entry);
        return entry;
    }

    /// <summary>Adds a listener to a port.</summary>
    public static ListenerBuilder Add(
        Entry entry, string key, string name, string hostname, ListenerProtocol protocol, ServerTls? tls, EquatableArray<PolicySnapshot> policies, PolicyTargets targets)
    {
        var builder = ToBuilder(key, key, entry.Port, name, hostname, protocol, tls, policies, targets);
        entry.Listeners.Add(builder);
        return builder;
    }

    public EquatableArray<BindSnapshot> ToSnapshots() =>
    [
        .. _entries.Select(static entry => new BindSnapshot
        {
            Key = entry.Key,
            Port = entry.Port,
            TunnelProtocol = entry.TunnelProtocol,
            Internal = entry.Internal,
            Listeners = [.. entry.Listeners.Select(static l => l.ToSnapshot())],
        }),
    ];

    private string KeyOf(int port) => port == 0 && ++_freePorts > 1 ? $"bind/0-{_freePorts}" : $"bind/{port}";

    // Port 0 asks the operating system for a free port, so several binds may have it.
    private void Claim(int port, string surface, SourceLocation at)
    {
        if (port == 0 || _ports.TryAdd(port, surface))
        {
            return;
        }

        var first = _ports[port];
        context.SemanticError(at, (first, surface) is ("llm", "mcp")
            ? $"top-level llm and mcp cannot use the same port {port}; attach both to the same gateway instead"
            : $"port {port} is configured by both {first} and {surface}; binds, llm, and mcp must use unique ports");
    }

    // Upstream takes such documents too, so these are no errors.
    private void WarnOfUnreachable(EquatableArray<Listener> listeners, int index)
    {
        var listener = listeners[index];
        for (var i = 0; i < listeners.Length; i++)
        {
            var other = listeners[i];
            var problem = i == index ? null
                : other.Protocol == ListenerProtocol.Tcp && (listener.Protocol != ListenerProtocol.Tcp || i < index) ? "a TCP listener takes every connection of this port"
                : i < index && IsTls(other) == IsTls(listener) && listener.Protocol != ListenerProtocol.Tcp && SameHost(other.Hostname, listener.Hostname) ? "an earlier listener of this port has the same hostname"
                : null;
            if (problem is not null)
            {
                context.Warning(listener.NameAt.Path, listener.NameAt.Position, $"this listener is never chosen: {problem}");
                return;
            }
        }

        static bool IsTls(Listener listener) => listener.Protocol is ListenerProtocol.Https or ListenerProtocol.Tls;

        static bool SameHost(string a, string b) => string.Equals(a == "*" ? "" : a, b == "*" ? "" : b, StringComparison.OrdinalIgnoreCase);
    }

    private static ListenerBuilder ToBuilder(
        string key,
        string stateKey,
        int port,
        string name,
        string hostname,
        ListenerProtocol protocol,
        ServerTls? tls,
        EquatableArray<PolicySnapshot> policies,
        PolicyTargets targets)
    {
        var targeted = targets.ForListener(Gateway, name, port);
        return new ListenerBuilder(new ListenerSnapshot
        {
            Key = key,
            StateKey = stateKey,
            Name = name,
            Gateway = Gateway,
            Hostname = hostname == "*" ? "" : hostname,
            Protocol = protocol,
            Tls = tls?.Snapshot,
            Policies = PolicySets.Merge(targeted.GatewayPhase, policies),
            BackendPolicies = targeted.Backend,
        })
        {
            RoutePolicies = targeted.Route,
        };
    }

    /// <summary>A port with its listeners.</summary>
    internal sealed record Entry(string Key, int Port, TunnelProtocol TunnelProtocol, bool Internal, List<ListenerBuilder> Listeners);
}
