using System.Collections.Concurrent;
using System.IO.Pipelines;
using System.Net.Sockets;
using AgentGateway.Configuration.Snapshot;
using AgentGateway.Proxy.Hosting;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.Logging;

namespace AgentGateway.Proxy.Listeners.Tcp;

/// <summary>
/// Forwards the bytes of TCP and TLS connections to a backend, unread. A side that ends its stream is passed on as a half-close; the
/// connection ends when both sides have.
/// </summary>
internal sealed partial class TcpForwarder(GatewayServices services)
{
    private static readonly TimeSpan ConnectTimeout = TimeSpan.FromSeconds(10);

    private readonly ILogger _logger = services.Logging.CreateLogger("agentgateway::tcp");
    private readonly ConcurrentDictionary<ConnectionContext, Task> _open = new();

    /// <summary>Takes a connection over; it is closed here whatever happens.</summary>
    /// <param name="connection">The client.</param>
    /// <param name="listener">The listener that the port or the server name chose.</param>
    /// <param name="serverName">Server name of the TLS handshake, or null without TLS.</param>
    public void Start(ConnectionContext connection, ListenerRuntime listener, string? serverName)
    {
        var task = ForwardAsync(connection, listener, serverName);
        _open[connection] = task;
        _ = ForgetAsync(connection, task);
    }

    /// <summary>Waits until the open connections have ended; cuts those that are left when <paramref name="deadline"/> is cancelled.</summary>
    public async Task DrainAsync(CancellationToken deadline)
    {
        try
        {
            await Task.WhenAll(_open.Values).WaitAsync(deadline);
        }
        catch (OperationCanceledException)
        {
            foreach (var connection in _open.Keys)
            {
                connection.Abort(new ConnectionAbortedException("the gateway is shutting down"));
            }

            await Task.WhenAll(_open.Values);
        }
    }

    private async Task ForgetAsync(ConnectionContext connection, Task task)
    {
        await task;
        _open.TryRemove(connection, out _);
    }

    private async Task ForwardAsync(ConnectionContext connection, ListenerRuntime listener, string? serverName)
    {
        await Task.Yield();
        try
        {
            if (listener.TcpRoutes.Pick(serverName) is not { } backend)
            {
                LogNoRoute(listener.Snapshot.Key, serverName);
                return;
            }

            using var upstream = await ConnectAsync(backend.Target);
            await using var stream = new NetworkStream(upstream, ownsSocket: false);

            // Not bound to ConnectionClosed: the transport fires it when the client has ended its own direction, and the answer may still come.
            var toUpstream = CopyToUpstreamAsync(connection.Transport.Input, upstream, stream);
            var toClient = CopyToClientAsync(stream, connection.Transport.Output);
            if (await Task.WhenAny(toUpstream, toClient) is { IsFaulted: true } failed)
            {
                // One direction broke: nothing sensible can follow in the other.
                upstream.Close();
                connection.Abort(new ConnectionAbortedException("the other side of the connection failed"));
                LogCut(listener.Snapshot.Key, failed.Exception!.InnerException!.Message);
            }

            await Task.WhenAll(toUpstream, toClient);
        }
        catch (Exception error) when (error is SocketException or IOException or OperationCanceledException or ConnectionAbortedException or ConnectionResetException or ObjectDisposedException)
        {
            LogFailed(listener.Snapshot.Key, serverName, error.Message);
        }
        finally
        {
            await connection.DisposeAsync();
        }
    }

    private async Task<Socket> ConnectAsync(TargetAddress target)
    {
        using var timeout = new CancellationTokenSource(ConnectTimeout, services.Time);
        var socket = target.UnixPath is null
            ? new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true }
            : new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            if (target.UnixPath is { } path)
            {
                await socket.ConnectAsync(new UnixDomainSocketEndPoint(path), timeout.Token);
            }
            else
            {
                await socket.ConnectAsync(target.Host, target.Port, timeout.Token);
            }

            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private static async Task CopyToUpstreamAsync(PipeReader client, Socket upstream, NetworkStream stream)
    {
        await client.CopyToAsync(stream);
        upstream.Shutdown(SocketShutdown.Send);
    }

    private static async Task CopyToClientAsync(NetworkStream upstream, PipeWriter client)
    {
        while (true)
        {
            var memory = client.GetMemory(4096);
            var count = await upstream.ReadAsync(memory);
            if (count == 0)
            {
                break;
            }

            client.Advance(count);
            var flush = await client.FlushAsync();
            if (flush.IsCompleted)
            {
                return;
            }
        }

        await client.CompleteAsync();
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "{Listener}: no TCP route for server name '{ServerName}', connection closed")]
    private partial void LogNoRoute(string listener, string? serverName);

    [LoggerMessage(Level = LogLevel.Information, Message = "{Listener}: connection with server name '{ServerName}' failed: {Error}")]
    private partial void LogFailed(string listener, string? serverName, string error);

    [LoggerMessage(Level = LogLevel.Debug, Message = "{Listener}: connection cut: {Error}")]
    private partial void LogCut(string listener, string error);
}
