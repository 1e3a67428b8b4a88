using System.Collections.Concurrent;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Connections.Features;

namespace AgentGateway.Proxy.Listeners.Connections;

/// <summary>The connections of a port that an HTTP server has, by their ids.</summary>
internal sealed class HttpConnections
{
    private readonly ConcurrentDictionary<string, ConnectionContext> _open = new(StringComparer.Ordinal);

    /// <summary>Knows a connection by its id until <see cref="Remove"/>.</summary>
    public void Add(ConnectionContext connection)
    {
        if (connection.Features.Get<ConnectionFacts>() is { } facts)
        {
            facts.HttpConnections = this;
            _open[connection.ConnectionId] = connection;
        }
    }

    public void Remove(string id) => _open.TryRemove(id, out _);

    public ConnectionContext? Find(string id) => _open.GetValueOrDefault(id);

    /// <summary>Asks the server to end the connections of TLS listeners: an idle one at once, another when its requests have ended.</summary>
    /// <param name="listeners">Keys of the listeners.</param>
    public void RequestClose(List<string> listeners)
    {
        foreach (var (_, connection) in _open)
        {
            if (connection.Features.Get<ConnectionFacts>()?.TlsListenerKey is { } key && listeners.Contains(key))
            {
                connection.Features.Get<IConnectionLifetimeNotificationFeature>()?.RequestClose();
            }
        }
    }
}
