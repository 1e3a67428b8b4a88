using System.Collections.Concurrent;
using System.IO.Pipelines;
using System.Net.Security;
using System.Net.Sockets;
using AgentGateway.Proxy.Backends.Transport;
using AgentGateway.Proxy.Expressions;
using AgentGateway.Proxy.Hosting;
using AgentGateway.Proxy.Listeners.Connections;
using AgentGateway.Proxy.Requests;
using AgentGateway.Proxy.Telemetry;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.Logging;

namespace AgentGateway.Proxy.Listeners.Tcp;

/// <summary>
/// Forwards the bytes of TCP and TLS connections to a backend, unread. A client that ends its stream is passed on as a half-close; with the end of the
/// upstream's the connection ends.
/// </summary>
internal sealed partial class TcpForwarder(GatewayServices services) : IDisposable
{
    private readonly ILogger _logger = services.Logging.CreateLogger("agentgateway::tcp");
    private readonly ConcurrentDictionary<ConnectionContext, Task> _open = new();
    private readonly CancellationTokenSource _drainIsOver = new();

    /// <summary>Cancelled when open connections are cut, because the time to drain is over.</summary>
    public CancellationToken DrainIsOver => _drainIsOver.Token;

    /// <summary>Takes a connection over; it is closed here whatever happens.</summary>
    /// <param name="connection">The client.</param>
    /// <param name="listener">The listener that the port or the server name chose.</param>
    /// <param name="serverName">Server name of the TLS handshake, or null without TLS.</param>
    /// <param name="bind">Key of the port.</param>
    public void Start(ConnectionContext connection, ListenerRuntime listener, string? serverName, string bind)
    {
        Track(connection, ForwardAsync(connection, listener, serverName, bind));
    }

    /// <summary>Counts a connection among the open ones until its task has ended, which closes it.</summary>
    public void Track(ConnectionContext connection, Task task)
    {
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
            await _drainIsOver.CancelAsync();
            foreach (var connection in _open.Keys)
            {
                connection.Abort(new ConnectionAbortedException("the gateway is shutting down"));
            }

            await Task.WhenAll(_open.Values);
        }
    }

    public void Dispose() => _drainIsOver.Dispose();

    private async Task ForgetAsync(ConnectionContext connection, Task task)
    {
        await task;
        _open.TryRemove(connection, out _);
    }

    private async Task ForwardAsync(ConnectionContext connection, ListenerRuntime listener, string? serverName, string bind)
    {
        await Task.Yield();
        var record = new TcpRecord(bind, listener.Snapshot, connection.RemoteEndPoint, serverName, services.Time.GetUtcNow(), services.Time.GetTimestamp());
        try
        {
            record.Route = listener.TcpRoutes.Find(serverName, out var choice);
            if (choice is null)
            {
                LogNoRoute(listener.Snapshot.Key, Named(serverName), record.Route is null ? "no TCP route matches" : "its route has no backend");
                record.Reason = record.Route is null ? ResponseReason.NotFound : ResponseReason.Internal;
                record.Error = record.Route is null ? "route not found" : "no valid backends";
                return;
            }

            record.Backend = choice.Key;
            if (choice.TargetFor(connection, serverName) is not { } target)
            {
                record.Reason = ResponseReason.NoHealthyBackend;
                record.Error = "no healthy backends";
                return;
            }

            record.Endpoint = target.ToString();
            await using var upstream = await services.Dialer.DialAsync(target, choice.Options, ProtocolsOf(choice), _drainIsOver.Token);

            // An upstream that says nothing more is not told by its client's end.
            await using var cut = _drainIsOver.Token.UnsafeRegister(static stream => ((Stream)stream!).Close(), upstream);

            // Not bound to ConnectionClosed: the transport fires it when the client has ended its own direction, and the answer may still come.
            var toUpstream = CopyToUpstreamAsync(connection.Transport.Input, upstream);
            var toClient = CopyToClientAsync(upstream, connection);
            var first = await Task.WhenAny(toUpstream, toClient);
            if (!first.IsCompletedSuccessfully)
            {
                // One direction broke, or was aborted, which counts as a cancellation: nothing sensible can follow in the other.
                upstream.Close();
                connection.Abort(new ConnectionAbortedException("the other side of the connection failed"));
                LogCut(listener.Snapshot.Key, first.Exception?.InnerException?.Message ?? "it was aborted");
            }
            else if (first == toClient && await toClient)
            {
                // The upstream has said all and the client was told: what that one still sends, nobody hears.
                await toUpstream.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                return;
            }

            await Task.WhenAll(toUpstream, toClient);
        }
        catch (UpstreamException error)
        {
            record.Reason = ResponseReason.UpstreamFailure;
            record.Error = "upstream call failed: " + error.Message;
            LogFailed(listener.Snapshot.Key, Named(serverName), error.Message);
        }
        catch (Exception error) when (error is SocketException or IOException or OperationCanceledException or ConnectionAbortedException or ConnectionResetException or ObjectDisposedException)
        {
            record.Error = _drainIsOver.IsCancellationRequested ? RequestContext.DrainOver : null;
            LogFailed(listener.Snapshot.Key, Named(serverName), error.Message);
        }
        finally
        {
            services.Telemetry.CompleteTcp(record, new ConnectionVariables(connection, serverName));
            await connection.DisposeAsync();
        }
    }

    private static List<SslApplicationProtocol>? ProtocolsOf(TcpChoice choice) =>
        choice.Options.Tls is { Alpn.IsEmpty: false } tls ? [.. tls.Alpn.Select(static name => new SslApplicationProtocol(name))] : null;

    private static async Task CopyToUpstreamAsync(PipeReader client, Stream upstream)
    {
        await client.CopyToAsync(upstream);
        switch (upstream)
        {
            case NetworkStream plain:
                plain.Socket.Shutdown(SocketShutdown.Send);
                break;
            case SslStream secure:
                await secure.ShutdownAsync();
                break;
        }
    }

    // False when the client went first.
    private static async Task<bool> CopyToClientAsync(Stream upstream, ConnectionContext connection)
    {
        var client = connection.Transport.Output;
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
                return false;
            }
        }

        await WrappedConnection.EndSendingAsync(connection);
        return true;
    }

    private static string Named(string? serverName) => serverName is null ? "" : $" for server name '{serverName}'";

    [LoggerMessage(Level = LogLevel.Information, Message = "{Listener}: connection{Name} closed: {Problem}")]
    private partial void LogNoRoute(string listener, string name, string problem);

    [LoggerMessage(Level = LogLevel.Information, Message = "{Listener}: connection{Name} failed: {Error}")]
    private partial void LogFailed(string listener, string name, string error);

    [LoggerMessage(Level = LogLevel.Debug, Message = "{Listener}: connection cut: {Error}")]
    private partial void LogCut(string listener, string error);
}
