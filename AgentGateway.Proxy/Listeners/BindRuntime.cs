using AgentGateway.Configuration.Snapshot;
using AgentGateway.Proxy.Backends;
using AgentGateway.Proxy.Hosting;
using AgentGateway.Proxy.Listeners.Connections;
using AgentGateway.Proxy.Listeners.Tls;

namespace AgentGateway.Proxy.Listeners;

/// <summary>The compiled listeners of one port.</summary>
internal sealed class BindRuntime
{
    private readonly ListenerRuntime[] _http;

    public BindRuntime(BindSnapshot snapshot, GatewayServices services, BackendRegistry.Generation backends)
    {
        Snapshot = snapshot;
        var listeners = snapshot.Listeners.Select(listener => new ListenerRuntime(listener, snapshot.TunnelProtocol, services, backends)).ToList();
        _http = MostSpecificFirst(listeners.Where(listener => listener.Snapshot.Protocol == ListenerProtocol.Http));
        OnlyHttp = _http.Length == 1 ? _http[0] : null;
        PlainTcp = listeners.Find(listener => listener.Snapshot.Protocol == ListenerProtocol.Tcp);
        var secure = MostSpecificFirst(listeners.Where(listener => listener.Snapshot.Protocol is ListenerProtocol.Https or ListenerProtocol.Tls));
        Tls = secure.Length == 0 ? null : new TlsTermination(secure);
    }

    public BindSnapshot Snapshot { get; }

    /// <summary>TLS of the port; null when no listener has any.</summary>
    public TlsTermination? Tls { get; }

    /// <summary>The plain HTTP listener of a port that has one only; where there are several, the request decides and not the connection.</summary>
    public ListenerRuntime? OnlyHttp { get; }

    /// <summary>Plain TCP listener of the port, whose connections are forwarded before their first byte; null when the port speaks HTTP.</summary>
    public ListenerRuntime? PlainTcp { get; }

    /// <summary>
    /// Chooses the listener of a request. Without TLS the host name decides. With TLS the handshake has decided: a host name for which another TLS
    /// listener is the better one is misdirected, because that listener's certificate and client checks were never applied, and a host name of
    /// no TLS listener has none.
    /// </summary>
    /// <param name="host">Host name without port.</param>
    /// <param name="connection">Facts of the connection, null when none were recorded.</param>
    /// <param name="misdirected">True when the request must be answered with 421.</param>
    public ListenerRuntime? ChooseListener(ReadOnlySpan<char> host, ConnectionFacts? connection, out bool misdirected)
    {
        misdirected = false;
        if (connection?.TlsListenerKey is not { } key)
        {
            foreach (var listener in _http)
            {
                if (listener.Hostname.Matches(host))
                {
                    return listener;
                }
            }

            return null;
        }

        if (Tls?.FindByKey(key) is not { } pinned || host.IsEmpty)
        {
            // HTTP/1.0 may name no host; the handshake did.
            return Tls?.FindByKey(key);
        }

        var best = Tls.FindListener(host);
        misdirected = best is not null && best != pinned;
        return best;
    }

    private static ListenerRuntime[] MostSpecificFirst(IEnumerable<ListenerRuntime> listeners) =>
        [.. listeners.OrderByDescending(listener => listener.Hostname.Specificity)];
}
