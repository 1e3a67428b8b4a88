using System.Net.Sockets;
using AgentGateway.Proxy.Hosting;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.Logging;

namespace AgentGateway.Proxy.Listeners.Connections;

/// <summary>
/// The way of a connection before HTTP: what its first bytes are, TLS if they ask for it, then the HTTP server of the detected version.
/// Each connection is looked at for as long as the handshake may take and no longer.
/// </summary>
internal sealed partial class ConnectionDispatcher(string bindKey, GatewayState state, GatewayServices services, HandoffListener http1, HandoffListener http2)
{
    /// <summary>Time for the first bytes and the TLS handshake (<c>frontendPolicies.tls.handshakeTimeout</c>).</summary>
    private static readonly TimeSpan HandshakeTimeout = TimeSpan.FromSeconds(15);

    private readonly ILogger _logger = services.Logging.CreateLogger("agentgateway::listener");

    /// <summary>Serves one accepted connection until it was handed over or closed. Never throws.</summary>
    public async Task DispatchAsync(ConnectionContext connection)
    {
        var handedOver = false;
        try
        {
            connection.Features.Set(new ConnectionFacts { RawRemote = connection.RemoteEndPoint });
            handedOver = await TryHandOverAsync(connection);
        }
        catch (OperationCanceledException)
        {
            LogHandshakeTimeout(bindKey, connection.RemoteEndPoint?.ToString());
        }
        catch (Exception error) when (error is IOException or SocketException or ConnectionResetException or ConnectionAbortedException or System.Security.Authentication.AuthenticationException)
        {
            LogHandshakeFailed(bindKey, connection.RemoteEndPoint?.ToString(), error.Message);
        }

        if (!handedOver)
        {
            connection.Abort(new ConnectionAbortedException("the connection was not accepted"));
            await connection.DisposeAsync();
        }
    }

    private async ValueTask<bool> TryHandOverAsync(ConnectionContext connection)
    {
        using var deadline = new CancellationTokenSource(HandshakeTimeout, services.Time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, connection.ConnectionClosed);
        switch (await ConnectionPeek.DetectAsync(connection.Transport.Input, either.Token))
        {
            case WireProtocol.Http1:
                return http1.TryHandOver(connection);

            case WireProtocol.Http2:
                return http2.TryHandOver(connection);

            case WireProtocol.Tls when Bind?.Tls is { } tls:
                var secure = await tls.TerminateAsync(connection, either.Token);
                if (secure is null)
                {
                    return false;
                }

                if ((secure.IsHttp2 ? http2 : http1).TryHandOver(secure.Connection))
                {
                    return true;
                }

                await secure.Connection.DisposeAsync();
                return true;

            case WireProtocol.Tls:
                // A TLS handshake on a port without TLS: the HTTP server answers 400, which curl and browsers show.
                return http1.TryHandOver(connection);

            default:
                return false;
        }
    }

    private BindRuntime? Bind => state.Current.Binds.GetValueOrDefault(bindKey);

    [LoggerMessage(Level = LogLevel.Debug, Message = "{Bind}: no request and no complete TLS handshake in time from {Peer}")]
    private partial void LogHandshakeTimeout(string bind, string? peer);

    [LoggerMessage(Level = LogLevel.Debug, Message = "{Bind}: connection from {Peer} failed before its first request: {Error}")]
    private partial void LogHandshakeFailed(string bind, string? peer, string error);
}
