using AgentGateway.Configuration.Model.Traffic;
using AgentGateway.Configuration.Reading;

namespace AgentGateway.Configuration.Normalisation;

/// <summary>The listeners that routes attach to by name.</summary>
internal sealed class GatewayTable(EquatableMap<Located<Gateway>> gateways, BindTable binds, PolicyTargets targets, ReadContext context)
{
    private readonly Dictionary<string, List<(string? Name, bool Http, ListenerBuilder Listener)>> _listeners = new(StringComparer.Ordinal);
    private readonly Dictionary<int, (string Name, BindTable.Entry Entry, List<GatewayListener> Listeners)> _ports = [];

    /// <summary>True when there is a gateway that things attach to by themselves.</summary>
    public bool HasDefault(bool http) => _listeners.TryGetValue("default", out var listeners) && listeners.Exists(l => l.Http == http);

    /// <summary>Opens the ports of all gateways.</summary>
    public void Open()
    {
        foreach (var (name, located) in gateways.Entries)
        {
            Open(name, located.Value, located.At);
        }
    }

    /// <summary>Listeners that references name; the default gateway's when there are none.</summary>
    /// <param name="references">References, or null when none are written.</param>
    /// <param name="http">Kind of listener that is wanted.</param>
    /// <param name="at">Where the user of the listeners stands.</param>
    /// <param name="user">Its name in messages.</param>
    public IEnumerable<ListenerBuilder> Resolve(EquatableArray<Located<string>>? references, bool http, SourceLocation at, string user)
    {
        var found = new List<ListenerBuilder>();
        if (references is not { IsEmpty: false } names)
        {
            if (HasDefault(http))
            {
                found.AddRange(Matching("default", null, http));
            }
            else
            {
                context.SemanticError(at, $"{user} must set gateways; name an entry of `gateways`, or call one `default`");
            }

            return found;
        }

        foreach (var reference in names)
        {
            var slash = reference.Value.IndexOf('/', StringComparison.Ordinal);
            var gateway = slash < 0 ? reference.Value : reference.Value[..slash];
            var listener = slash < 0 ? null : reference.Value[(slash + 1)..];
            if (!_listeners.TryGetValue(gateway, out var all) || (listener is not null && !all.Exists(l => l.Name == listener)))
            {
                context.SemanticError(reference.At, $"unknown gateway reference {Quoting.Shorten(reference.Value)}; {Known()}");
                continue;
            }

            var matching = Matching(gateway, listener, http);
            if (matching.Count == 0)
            {
                context.SemanticError(reference.At, $"gateway reference {Quoting.Shorten(reference.Value)} has no {(http ? "HTTP" : "TCP")} listeners");
            }

            found.AddRange(matching);
        }

        return found.Distinct();
    }

    private string Known() => _listeners.Count == 0 ? "there are no gateways" : $"known gateways are {string.Join(", ", _listeners.Keys.Take(20))}";

    private List<ListenerBuilder> Matching(string gateway, string? listener, bool http)
    {
        var matching = new List<ListenerBuilder>();
        foreach (var candidate in _listeners[gateway])
        {
            if (candidate.Http == http && (listener is null || candidate.Name == listener))
            {
                matching.Add(candidate.Listener);
            }
        }

        return matching;
    }

    private void Open(string name, Gateway gateway, SourceLocation at)
    {
        var opened = _listeners[name] = [];
        if (gateway.Listeners is not null && gateway.Own.IsSet)
        {
            context.SemanticError(at, $"gateways.{Quoting.Shorten(name)} cannot set protocol, tls, or policy fields when listeners are configured");
        }

        if (gateway.Port is not { } port)
        {
            context.SemanticError(gateway.PortAt, $"gateways.{Quoting.Shorten(name)}.port is required");
            return;
        }

        var listeners = gateway.Listeners is { } list ? list : [gateway.Own];
        var entry = Port(name, port, gateway, listeners);
        var names = new HashSet<string>(StringComparer.Ordinal);
        for (var i = 0; i < listeners.Length; i++)
        {
            var listener = listeners[i];
            var own = gateway.Listeners is null ? null : listener.Name ?? $"listener{i}";
            if (own is not null && !names.Add(own))
            {
                context.SemanticError(listener.NameAt, $"duplicate listener name `{Quoting.Shorten(own)}`; names of one gateway must be unique");
            }

            var full = own is null ? name : $"{name}/{own}";
            opened.Add((own, listener.IsHttp, BindTable.Add(entry, $"gateway/{full}", full, listener.Hostname, listener.Protocol, listener.Tls, listener.Policies, targets)));
        }
    }

    // Two gateways may share a port when their host names tell them apart.
    private BindTable.Entry Port(string name, int port, Gateway gateway, EquatableArray<GatewayListener> listeners)
    {
        if (port == 0 || !_ports.TryGetValue(port, out var shared))
        {
            shared = (name, binds.Open(port, "gateways", gateway.PortAt), []);
            _ports[port] = shared;
        }

        foreach (var listener in listeners)
        {
            if (shared.Listeners.Exists(other => other.IsHttp != listener.IsHttp && other.IsTls == listener.IsTls && !listener.IsTls))
            {
                context.SemanticError(listener.ProtocolAt, $"gateway listeners on port {port} cannot mix HTTP and TCP protocols");
            }
            else if (shared.Listeners.Exists(other => other.IsTls != listener.IsTls))
            {
                context.SemanticError(listener.ProtocolAt, $"gateway listeners on port {port} cannot mix TLS and plaintext");
            }
            else if (shared.Listeners.Exists(other => string.Equals(other.Hostname.Trim('*'), listener.Hostname.Trim('*'), StringComparison.OrdinalIgnoreCase)))
            {
                context.SemanticError(
                    shared.Name == name ? listener.At : gateway.PortAt,
                    shared.Name == name
                        ? $"two listeners of gateways.{Quoting.Shorten(name)} have the same hostname; hostnames of one port must be unique"
                        : $"port {port} is configured by both gateways.{Quoting.Shorten(shared.Name)} and gateways.{Quoting.Shorten(name)} for the same hostname");
            }

            shared.Listeners.Add(listener);
        }

        return shared.Entry;
    }
}
