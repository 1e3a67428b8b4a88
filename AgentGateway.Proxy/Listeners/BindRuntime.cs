using AgentGateway.Configuration.Snapshot;
using AgentGateway.Proxy.Backends;
using AgentGateway.Proxy.Hosting;
using AgentGateway.Proxy.Listeners.Tls;

namespace AgentGateway.Proxy.Listeners;

/// <summary>The compiled listeners of one port.</summary>
internal sealed class BindRuntime
{
    private readonly ListenerRuntime[] _listeners;

    public BindRuntime(BindSnapshot snapshot, GatewayServices services, BackendRegistry.Generation backends)
    {
        Snapshot = snapshot;
        _listeners = new ListenerRuntime[snapshot.Listeners.Length];
        for (var i = 0; i < _listeners.Length; i++)
        {
            _listeners[i] = new ListenerRuntime(snapshot.Listeners[i], services, backends);
        }

        // Exact host first, then the longest suffix, then any host (spec 1.7 step 1).
        Array.Sort(_listeners, static (a, b) => Specificity(b).CompareTo(Specificity(a)));
        var secure = _listeners.Where(listener => listener.Tls is not null).ToList();
        Tls = secure.Count == 0 ? null : new TlsTermination(secure);
    }

    public BindSnapshot Snapshot { get; }

    /// <summary>TLS of the port; null when no listener has any.</summary>
    public TlsTermination? Tls { get; }

    /// <summary>Finds the most specific listener for a host name without port, or null.</summary>
    public ListenerRuntime? FindListener(ReadOnlySpan<char> host)
    {
        foreach (var listener in _listeners)
        {
            if (listener.Hostname.Matches(host))
            {
                return listener;
            }
        }

        return null;
    }

    private static int Specificity(ListenerRuntime listener) => listener.Hostname.Specificity;
}
