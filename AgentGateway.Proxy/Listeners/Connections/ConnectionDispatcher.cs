using System.Net.Sockets;
using AgentGateway.Configuration.Snapshot;
using AgentGateway.Configuration.Snapshot.Frontend;
using AgentGateway.Proxy.Expressions;
using AgentGateway.Proxy.Hosting;
using AgentGateway.Proxy.Listeners.ProxyProtocol;
using AgentGateway.Proxy.Listeners.Tcp;
using AgentGateway.Proxy.Listeners.Tls;
using AgentGateway.Proxy.Listeners.Tunnels;
using AgentGateway.Proxy.Requests;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.Extensions.Logging;

namespace AgentGateway.Proxy.Listeners.Connections;

/// <summary>
/// The way of a connection before HTTP: what its first bytes are, TLS if they ask for it, then the HTTP server of the detected version.
/// Each connection is looked at for as long as the handshake may take, and no longer than the port drains.
/// </summary>
internal sealed partial class ConnectionDispatcher(
    string bindKey, GatewayState state, GatewayServices services, HandoffListener http1, HandoffListener http2, TcpForwarder tcp, PortDirectory ports, GatewayApplication application,
    HttpConnections httpConnections, RejectedRequests rejected, CancellationToken drained)
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
                connection = Enter(connection);
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

    // A new socket: from here on its bytes are counted. A connection that comes back through a tunnel has all this already.
    private WrappedConnection Enter(ConnectionContext connection)
    {
        var frontend = state.Current.Snapshot.Frontend;
        if (frontend.KeepAlive is { } probes && connection.Features.Get<IConnectionSocketFeature>()?.Socket is { } socket)
        {
            ClientKeepAlive.Set(socket, probes);
        }

        var meter = new ConnectionMeter(connection.Transport, services.Telemetry.Metrics);
        var age = frontend.Http.MaxConnectionDuration is { } limit ? new ConnectionAge(limit, services.Time) : null;
        var facts = new ConnectionFacts(services.SensitiveHeaders) { RawRemote = connection.RemoteEndPoint, Meter = meter, Age = age };
        var counted = new WrappedConnection(connection, meter, () =>
        {
            age?.Dispose();
            meter.End();
            facts.HttpConnections?.Remove(connection.ConnectionId);
            return ValueTask.CompletedTask;
        });
        counted.Features.Set(facts);
        return counted;
    }

    private async ValueTask<bool> TryHandOverAsync(ConnectionContext connection)
    {
        if (state.Current.Binds.GetValueOrDefault(bindKey) is not { } bind)
        {
            return false;
        }

        var frontend = state.Current.Snapshot.Frontend;
        using var deadline = new CancellationTokenSource(frontend.HandshakeTimeout, services.Time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, connection.ConnectionClosed, drained);
        if (ProxyProtocolOf(connection, bind, frontend) is { } proxyProtocol && !await ProxyProtocolReader.ReadAsync(connection, proxyProtocol, either.Token))
        {
            LogHandshakeFailed(bindKey, connection.RemoteEndPoint?.ToString(), "no valid PROXY protocol header");
            return false;
        }

        if (state.Current.NetworkRules is { } rules && !rules.Allows(new ConnectionVariables(connection, serverName: null)))
        {
            LogDenied(bindKey, connection.RemoteEndPoint?.ToString());
            return false;
        }

        if (bind.PlainTcp is { } listener)
        {
            Count(connection, listener, "tcp");
            tcp.Start(connection, listener, serverName: null, bindKey);
            return true;
        }

        switch (await ConnectionPeek.DetectAsync(connection.Transport.Input, either.Token))
        {
            case WireProtocol.Http2:
                return TryHandOver(http2, connection, bind.OnlyHttp, "http");

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
        if (!only && frontend.Connect == ConnectMode.Route)
        {
            return await TryRouteConnectAsync(connection, bind, cancellationToken);
        }

        if (!only && frontend.Connect != ConnectMode.Tunnel)
        {
            return TryHandOver(http1, connection, bind.OnlyHttp, "http");
        }

        var (outcome, target) = await ConnectTunnel.TryOpenAsync(connection, only, ports, rejected, cancellationToken);
        switch (outcome)
        {
            case TunnelOutcome.NotConnect:
                return TryHandOver(http1, connection, bind.OnlyHttp, "http");

            case TunnelOutcome.Opened:
                await target!.DispatchAsync(connection);
                return true;

            default:
                await connection.DisposeAsync(); // Not aborted: the answer must reach the client.
                return true;
        }
    }

    private async ValueTask<bool> TryRouteConnectAsync(ConnectionContext connection, BindRuntime bind, CancellationToken cancellationToken)
    {
        if (await RoutedConnect.ReadAsync(connection, cancellationToken) is not { } request)
        {
            return TryHandOver(http1, connection, bind.OnlyHttp, "http");
        }

        Count(connection, bind.OnlyHttp, "http");
        tcp.Track(connection, RoutedConnect.ServeAsync(connection, request, application, tcp.DrainIsOver));
        return true;
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
            Count(connection, listener, "tls");
            tcp.Start(connection, listener, hello.ServerName, bindKey);
            return true;
        }

        var protocol = listener.Snapshot.Protocol == ListenerProtocol.Tls ? "tls" : "https";
        Count(connection, listener, protocol);
        var started = services.Time.GetTimestamp();
        var secure = await TlsTermination.TerminateAsync(connection, listener, options, hello, cancellationToken);
        if (state.Current.Binds.GetValueOrDefault(bindKey)?.Tls?.FindByKey(listener.Snapshot.Key) is not { } now || now.TlsDemands != listener.TlsDemands)
        {
            // A reload has changed what is asked of clients while this one was asked.
            await secure.Connection.DisposeAsync();
            return true;
        }

        services.Telemetry.Metrics.Handshake(bindKey, listener.Snapshot.Gateway, listener.Snapshot.Name, protocol, services.Time.GetElapsedTime(started));
        if (listener.Snapshot.Protocol == ListenerProtocol.Tls)
        {
            tcp.Start(secure.Connection, listener, hello.ServerName, bindKey);
            return true;
        }

        if (!(secure.IsHttp2 ? TryHandOver(http2, secure.Connection, listener, protocol) : await TryHandOverHttp1Async(secure.Connection, bind, frontend, cancellationToken)))
        {
            await secure.Connection.DisposeAsync();
        }

        return true;
    }

    private bool TryHandOver(HandoffListener server, ConnectionContext connection, ListenerRuntime? listener, string protocol)
    {
        Count(connection, listener, protocol);
        httpConnections.Add(connection);
        if (!server.TryHandOver(connection))
        {
            return false;
        }

        connection.Features.Get<ConnectionFacts>()?.Age?.Begin(connection);
        return true;
    }

    private void Count(ConnectionContext connection, ListenerRuntime? listener, string protocol) =>
        connection.Features.Get<ConnectionFacts>()?.Meter?.Begin(bindKey, listener?.Snapshot.Gateway, listener?.Snapshot.Name, protocol);

    // What stands in a CONNECT tunnel comes from the client, and no balancer puts its header there; a port that has one by its own protocol is asked for by
    // those who write it.
    private static ProxyProtocolSnapshot? ProxyProtocolOf(ConnectionContext connection, BindRuntime bind, FrontendSnapshot frontend) =>
        bind.Snapshot.TunnelProtocol == TunnelProtocol.Proxy
            ? frontend.ProxyProtocol ?? new ProxyProtocolSnapshot(Version1: true, Version2: true, Optional: false)
            : connection.Features.Get<ConnectionFacts>() is { TunnelDepth: > 0 } ? null
            : frontend.ProxyProtocol;

    [LoggerMessage(Level = LogLevel.Information, Message = "{Bind}: connection from {Peer} denied by networkAuthorization")]
    private partial void LogDenied(string bind, string? peer);

    [LoggerMessage(Level = LogLevel.Debug, Message = "{Bind}: no request and no complete TLS handshake in time from {Peer}")]
    private partial void LogHandshakeTimeout(string bind, string? peer);

    [LoggerMessage(Level = LogLevel.Debug, Message = "{Bind}: connection from {Peer} failed before its first request: {Error}")]
    private partial void LogHandshakeFailed(string bind, string? peer, string error);
}
