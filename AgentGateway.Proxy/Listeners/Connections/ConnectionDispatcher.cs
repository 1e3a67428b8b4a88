using System.Net.Sockets;
using AgentGateway.Configuration.Snapshot;
using AgentGateway.Configuration.Snapshot.Frontend;
using AgentGateway.Proxy.Hosting;
using AgentGateway.Proxy.Listeners.ProxyProtocol;
using AgentGateway.Proxy.Listeners.Tcp;
using AgentGateway.Proxy.Listeners.Tls;
using AgentGateway.Proxy.Listeners.Tunnels;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.Logging;

namespace AgentGateway.Proxy.Listeners.Connections;

/// <summary>
/// The way of a connection before HTTP: what its first bytes are, TLS if they ask for it, then the HTTP server of the detected version.
/// Each connection is looked at for as long as the handshake may take and no longer.
/// </summary>
internal sealed partial class ConnectionDispatcher(
    string bindKey, GatewayState state, GatewayServices services, HandoffListener http1, HandoffListener http2, TcpForwarder tcp, PortDirectory ports)
{
    private readonly ILogger _logger = services.Logging.CreateLogger("agentgateway::listener");

    /// <summary>Serves one accepted connection until it was handed over or closed. Never throws.</summary>
    public async Task DispatchAsync(ConnectionContext connection)
    {
        var handedOver = false;
        try
        {
            if (connection.Features.Get<ConnectionFacts>() is null)
            {
                connection.Features.Set(new ConnectionFacts { RawRemote = connection.RemoteEndPoint });
            }

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
        if (state.Current.Binds.GetValueOrDefault(bindKey) is not { } bind)
        {
            return false;
        }

        var frontend = state.Current.Snapshot.Frontend;
        using var deadline = new CancellationTokenSource(frontend.HandshakeTimeout, services.Time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, connection.ConnectionClosed);
        if (ProxyProtocolOf(bind, frontend) is { } proxyProtocol && !await ProxyProtocolReader.ReadAsync(connection, proxyProtocol, either.Token))
        {
            LogHandshakeFailed(bindKey, connection.RemoteEndPoint?.ToString(), "no valid PROXY protocol header");
            return false;
        }

        if (bind.PlainTcp is { } listener)
        {
            tcp.Start(connection, listener, serverName: null);
            return true;
        }

        switch (await ConnectionPeek.DetectAsync(connection.Transport.Input, either.Token))
        {
            case WireProtocol.Http2:
                return http2.TryHandOver(connection);

            case WireProtocol.Tls when bind.Tls is { } tls:
                return await TryHandOverTlsAsync(connection, bind, tls, frontend, either.Token);

            case WireProtocol.Closed:
                return false;

            default:
                // Also a TLS handshake on a port without TLS: the HTTP server answers 400, which curl and browsers show.
                return await TryHandOverHttp1Async(connection, bind, frontend, either.Token);
        }
    }

    private async ValueTask<bool> TryHandOverHttp1Async(ConnectionContext connection, BindRuntime bind, FrontendSnapshot frontend, CancellationToken cancellationToken)
    {
        var only = bind.Snapshot.TunnelProtocol == TunnelProtocol.Connect;
        if (!only && frontend.Connect != ConnectMode.Tunnel)
        {
            return http1.TryHandOver(connection);
        }

        var (outcome, target) = await ConnectTunnel.TryOpenAsync(connection, only, ports, cancellationToken);
        switch (outcome)
        {
            case TunnelOutcome.NotConnect:
                return http1.TryHandOver(connection);

            case TunnelOutcome.Opened:
                await target!.DispatchAsync(connection);
                return true;

            default:
                await connection.DisposeAsync(); // Not aborted: the answer must reach the client.
                return true;
        }
    }

    private async ValueTask<bool> TryHandOverTlsAsync(
        ConnectionContext connection, BindRuntime bind, TlsTermination tls, FrontendSnapshot frontend, CancellationToken cancellationToken)
    {
        if (await TlsTermination.ReadHelloAsync(connection.Transport.Input, cancellationToken) is not { } hello
            || tls.FindListener(hello.ServerName) is not { } listener)
        {
            return false;
        }

        if (listener.Tls is not { } options)
        {
            // Pass-through: the bytes of the handshake go to the upstream unread.
            tcp.Start(connection, listener, hello.ServerName);
            return true;
        }

        var secure = await TlsTermination.TerminateAsync(connection, listener, options, hello, cancellationToken);
        if (listener.Snapshot.Protocol == ListenerProtocol.Tls)
        {
            tcp.Start(secure.Connection, listener, hello.ServerName);
            return true;
        }

        if (!(secure.IsHttp2 ? http2.TryHandOver(secure.Connection) : await TryHandOverHttp1Async(secure.Connection, bind, frontend, cancellationToken)))
        {
            await secure.Connection.DisposeAsync();
        }

        return true;
    }

    private static ProxyProtocolSnapshot? ProxyProtocolOf(BindRuntime bind, FrontendSnapshot frontend) =>
        bind.Snapshot.TunnelProtocol == TunnelProtocol.Proxy
            ? frontend.ProxyProtocol ?? new ProxyProtocolSnapshot(Version1: true, Version2: true, Optional: false)
            : frontend.ProxyProtocol;

    [LoggerMessage(Level = LogLevel.Debug, Message = "{Bind}: no request and no complete TLS handshake in time from {Peer}")]
    private partial void LogHandshakeTimeout(string bind, string? peer);

    [LoggerMessage(Level = LogLevel.Debug, Message = "{Bind}: connection from {Peer} failed before its first request: {Error}")]
    private partial void LogHandshakeFailed(string bind, string? peer, string error);
}
