using AgentGateway.Configuration.Snapshot;
using AgentGateway.Proxy.Backends.Transport;

namespace AgentGateway.Proxy.Policies.Callouts;

/// <summary>Clients of called services, shared by policies and kept over reloads while a policy holds them.</summary>
internal sealed class CalloutClients(UpstreamDialer dialer) : IDisposable
{
    private readonly Lock _lock = new();
    private readonly Dictionary<(TargetAddress Target, TransportOptions Options), WeakReference<CalloutClient>> _clients = [];

    public CalloutClient Get(TargetAddress target, TransportOptions options)
    {
        lock (_lock)
        {
            if (_clients.TryGetValue((target, options), out var known) && known.TryGetTarget(out var client))
            {
                return client;
            }

            foreach (var (key, reference) in _clients)
            {
                if (!reference.TryGetTarget(out _))
                {
                    _clients.Remove(key);
                }
            }

            client = new CalloutClient(target, options, dialer);
            _clients[(target, options)] = new WeakReference<CalloutClient>(client);
            return client;
        }
    }

    public void Dispose()
    {
        lock (_lock)
        {
            foreach (var reference in _clients.Values)
            {
                if (reference.TryGetTarget(out var client))
                {
                    client.Dispose();
                }
            }

            _clients.Clear();
        }
    }
}
