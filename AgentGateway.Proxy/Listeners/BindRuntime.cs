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
        var listeners = snapshot.Listeners.Select(listener => new ListenerRuntime(listener, services, backends)).ToList();
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
    /// Chooses the listener of a request. Without TLS the host name decides. With TLS the handshake has decided, and a host name that belongs
    /// to a more specific TLS listener is misdirected: its certificate and client checks were never applied.
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

        var pinned = Tls?.FindByKey(key);
        if (pinned is not null && Tls!.FindListener(host) is { } better && better != pinned)
        {
            misdirected = better.Hostname.Specificity > pinned.Hostname.Specificity;
        }

        return pinned;
    }

    private static ListenerRuntime[] MostSpecificFirst(IEnumerable<ListenerRuntime> listeners) =>
        [.. listeners.OrderByDescending(listener => listener.Hostname.Specificity)];
}
