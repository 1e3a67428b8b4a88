using System.Net;
using Microsoft.AspNetCore.Connections;

namespace AgentGateway.Proxy.Listeners.Connections;

/// <summary>The transport of an HTTP server that gets its connections from the dispatcher.</summary>
internal sealed class HandoffTransport : IConnectionListenerFactory
{
    private readonly Dictionary<EndPoint, HandoffListener> _listeners = [];

    /// <summary>Adds an endpoint before the server starts; the dispatcher hands connections to the listener that is returned.</summary>
    public HandoffListener Add(HandoffEndPoint endPoint)
    {
        var listener = new HandoffListener(endPoint);
        _listeners.Add(endPoint, listener);
        return listener;
    }

    public ValueTask<IConnectionListener> BindAsync(EndPoint endpoint, CancellationToken cancellationToken = default) =>
        new(_listeners.TryGetValue(endpoint, out var listener)
            ? listener
            : throw new InvalidOperationException($"{endpoint} is not an endpoint of the dispatcher"));
}
