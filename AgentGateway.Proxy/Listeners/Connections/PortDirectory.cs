using System.Collections.Concurrent;
using System.Globalization;

namespace AgentGateway.Proxy.Listeners.Connections;

/// <summary>The dispatchers of all open ports and internal binds: where a CONNECT tunnel re-enters the gateway.</summary>
internal sealed class PortDirectory
{
    private const string Wildcard = "bind/wildcard";

    private readonly ConcurrentDictionary<string, ConnectionDispatcher> _dispatchers = new(StringComparer.Ordinal);

    public void Add(string bindKey, ConnectionDispatcher dispatcher) => _dispatchers[bindKey] = dispatcher;

    public void Remove(string bindKey, ConnectionDispatcher dispatcher) => _dispatchers.TryRemove(new(bindKey, dispatcher));

    /// <summary>The bind with a port, else the internal bind for any port, else null.</summary>
    public ConnectionDispatcher? Find(int port) =>
        _dispatchers.GetValueOrDefault(string.Create(CultureInfo.InvariantCulture, $"bind/{port}")) ?? _dispatchers.GetValueOrDefault(Wildcard);
}
