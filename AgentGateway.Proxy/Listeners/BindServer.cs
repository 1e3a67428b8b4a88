using System.Net;
using System.Text;
using AgentGateway.Configuration.Snapshot.Frontend;
using AgentGateway.Proxy.Hosting;
using AgentGateway.Proxy.Listeners.Connections;
using AgentGateway.Proxy.Listeners.Tcp;
using AgentGateway.Proxy.Requests;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace AgentGateway.Proxy.Listeners;

/// <summary>
/// The open socket of one port: an accept loop, the dispatcher that finds out what each connection speaks, and behind it one HTTP server with
/// an endpoint for each HTTP version (without TLS, Kestrel itself cannot tell HTTP/2 from HTTP/1.1 on one endpoint).
/// </summary>
internal sealed class BindServer : IAsyncDisposable
{
    private readonly BindRuntime _bind;
    private readonly GatewayServices _services;
    private readonly KestrelHost _kestrel;
    private readonly KestrelServer _server;
    private readonly GatewayApplication _application;
    private readonly ConnectionDispatcher _dispatcher;
    private readonly TcpForwarder _tcp;
    private readonly HttpConnections _connections = new();
    private readonly PortDirectory _ports;
    private readonly CancellationTokenSource _accepting = new();
    private readonly CancellationTokenSource _drained = new();
    private KestrelServerLimits _limits = null!; // Set by the configuration callback, which runs in the constructor.
    private IConnectionListener? _socket;
    private Task _acceptLoop = Task.CompletedTask;

    public BindServer(BindRuntime bind, GatewayState state, GatewayServices services, KestrelHost kestrel, PortDirectory ports)
    {
        _bind = bind;
        _services = services;
        _kestrel = kestrel;
        _ports = ports;
        Key = bind.Snapshot.Key;
        _application = new GatewayApplication(Key, state, services);

        var handoff = new HandoffTransport();
        var http1 = new HandoffEndPoint(Key + " HTTP/1.1");
        var http2 = new HandoffEndPoint(Key + " HTTP/2");
        _tcp = new TcpForwarder(services);
        var rejected = new RejectedRequests(services.Logging, _application, _connections);
        _dispatcher = new ConnectionDispatcher(Key, state, services, handoff.Add(http1), handoff.Add(http2), _tcp, ports, _application, _connections, rejected, _drained.Token);
        _server = kestrel.Create(
            options =>
            {
                _limits = options.Limits;
                FrontendLimits.Apply(_limits, state.Current.Snapshot.Frontend.Http);

                // A request target in absolute form names the authority; Host is ignored (RFC 9112, 3.2.2).
                options.AllowHostHeaderOverride = true;

                options.RequestHeaderEncodingSelector = LengthDigits.Of;

                // Values beyond ASCII pass; the server's default would fail the whole response.
                options.ResponseHeaderEncodingSelector = static _ => Encoding.UTF8;
                options.Listen(http1, listen => listen.Protocols = HttpProtocols.Http1);
                options.Listen(http2, listen => listen.Protocols = HttpProtocols.Http2);
            },
            handoff,
            rejected);
    }

    public string Key { get; }

    /// <summary>True for a port without a socket.</summary>
    public bool IsInternal => _bind.Snapshot.Internal;

    /// <summary>Port that is listened on, also when the operating system chose it.</summary>
    public int Port { get; private set; }

    /// <exception cref="IOException">The port cannot be opened.</exception>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        if (!_bind.Snapshot.Internal)
        {
            _socket = await OpenAsync(cancellationToken);
            Port = ((IPEndPoint)_socket.EndPoint).Port;
        }

        await _server.StartAsync(_application, cancellationToken);
        _ports.Add(Key, _dispatcher);
        if (_socket is not null)
        {
            _acceptLoop = AcceptAsync(_socket);
        }
    }

    /// <summary>Takes over the settings of a new snapshot. Connections of TLS listeners that ask something else of clients now end with the requests they have.</summary>
    /// <param name="before">The port as it was.</param>
    /// <param name="now">The port as it is.</param>
    /// <param name="frontend">Settings towards clients.</param>
    public void Apply(BindRuntime before, BindRuntime now, FrontendSnapshot frontend)
    {
        FrontendLimits.Apply(_limits, frontend.Http);
        if (before.Tls?.ChangedIn(now.Tls) is { Count: > 0 } changed)
        {
            _connections.RequestClose(changed);
        }
    }

    /// <summary>Stops accepting and waits for open requests until <paramref name="deadline"/> is cancelled, then cuts them.</summary>
    public async Task StopAsync(CancellationToken deadline)
    {
        _ports.Remove(Key, _dispatcher);
        if (_socket is not null)
        {
            await _socket.UnbindAsync(CancellationToken.None);
        }

        await _accepting.CancelAsync();
        await _acceptLoop;

        // The application knows before the server cuts its connections, also when the time was over before it began to wait.
        using var cut = new CancellationTokenSource();
        await using (deadline.Register(() =>
        {
            _application.NoteDrainOver();
            cut.Cancel();
        }))
        {
            await Task.WhenAll(_server.StopAsync(cut.Token), _tcp.DrainAsync(cut.Token));
        }

        // Connections that have said nothing yet: there is nobody left to hear them.
        await _drained.CancelAsync();
    }

    public async ValueTask DisposeAsync()
    {
        _server.Dispose();
        if (_socket is not null)
        {
            await _socket.DisposeAsync();
        }

        _tcp.Dispose();
        _accepting.Dispose();
        _drained.Dispose();
    }

    private async ValueTask<IConnectionListener> OpenAsync(CancellationToken cancellationToken)
    {
        var address = ListenAddress.Any(_bind.Snapshot.Port, _services.Settings.EnableIpv6);
        try
        {
            return await _kestrel.Transport.BindAsync(address, cancellationToken);
        }
        catch (AddressInUseException error)
        {
            throw new IOException($"port {address.Port} is in use", error);
        }
        catch (System.Net.Sockets.SocketException error)
        {
            throw new IOException($"port {address.Port} cannot be opened: {error.Message}", error);
        }
    }

    private async Task AcceptAsync(IConnectionListener socket)
    {
        try
        {
            while (await socket.AcceptAsync(_accepting.Token) is { } connection)
            {
                // Not awaited: a slow handshake must not keep the next connection waiting. DispatchAsync never throws.
                _ = _dispatcher.DispatchAsync(connection);
            }
        }
        catch (OperationCanceledException)
        {
            // StopAsync ends the loop this way when the listener does not return null first.
        }
    }
}
