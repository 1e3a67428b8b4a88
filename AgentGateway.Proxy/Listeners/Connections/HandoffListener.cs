using System.Net;
using System.Threading.Channels;
using Microsoft.AspNetCore.Connections;

namespace AgentGateway.Proxy.Listeners.Connections;

/// <summary>
/// A listener whose connections come from the dispatcher instead of a socket. The HTTP server accepts from it as from any transport, so
/// connection limits, draining and shutdown stay the server's work.
/// </summary>
internal sealed class HandoffListener(EndPoint endPoint) : IConnectionListener
{
    // Bounded by the accept loop: it hands over a connection and only then looks at the next one of the same detection.
    private readonly Channel<ConnectionContext> _connections = Channel.CreateUnbounded<ConnectionContext>(new UnboundedChannelOptions { SingleReader = true });

    public EndPoint EndPoint { get; } = endPoint;

    /// <summary>Hands a connection over. False when the listener no longer accepts; the caller keeps the connection then.</summary>
    public bool TryHandOver(ConnectionContext connection) => _connections.Writer.TryWrite(connection);

    public async ValueTask<ConnectionContext?> AcceptAsync(CancellationToken cancellationToken = default)
    {
        while (await _connections.Reader.WaitToReadAsync(cancellationToken))
        {
            if (_connections.Reader.TryRead(out var connection))
            {
                return connection;
            }
        }

        return null;
    }

    public ValueTask UnbindAsync(CancellationToken cancellationToken = default)
    {
        _connections.Writer.TryComplete();
        return ValueTask.CompletedTask;
    }

    public async ValueTask DisposeAsync()
    {
        _connections.Writer.TryComplete();
        while (_connections.Reader.TryRead(out var connection))
        {
            connection.Abort(new ConnectionAbortedException("the port was closed"));
            await connection.DisposeAsync();
        }
    }
}
