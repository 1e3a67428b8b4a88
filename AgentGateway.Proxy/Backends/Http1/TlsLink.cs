using System.Net.Security;
using System.Net.Sockets;
using System.Runtime.CompilerServices;

namespace AgentGateway.Proxy.Backends.Http1;

/// <summary>
/// TLS. What belongs to TLS alone (session tickets, key updates) completes no receive. An end of the connection counts as an end whether or not the other side
/// has announced it (close_notify): many do not, and framing tells where a response is cut, but for one that lasts until the connection ends.
/// </summary>
internal sealed class TlsLink(SslStream stream) : UpstreamLink
{
    // What Start began: taken once, or abandoned together with the connection.
    private ValueTask<int> _receiving;
    private bool _started;

    public override bool IsPending => _started;

    public override bool IsCompleted => _started && _receiving.IsCompleted;

    /// <summary>One record: of several the first may have gone before the second fails.</summary>
    public override int LongestWholeSend => 16 * 1024;

    public override void Start(Memory<byte> buffer)
    {
        // A receive of an idle connection outlives the request that starts it.
        var flow = ExecutionContext.IsFlowSuppressed() ? default(AsyncFlowControl?) : ExecutionContext.SuppressFlow();
        try
        {
#pragma warning disable CA2012 // TakeAsync hands it out once.
            _receiving = ReceiveAsync(buffer);
#pragma warning restore CA2012
            _started = true;
        }
        finally
        {
            flow?.Undo();
        }
    }

    public override ValueTask<int> TakeAsync()
    {
        _started = false;
        var receiving = _receiving;
        _receiving = default;
        return receiving;
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public override async ValueTask<int> ReceiveAsync(Memory<byte> buffer)
    {
        try
        {
            return await stream.ReadAsync(buffer);
        }
        catch (IOException e)
        {
            throw AsOfASocket(e);
        }
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public override async ValueTask<int> SendAsync(ReadOnlyMemory<byte> data)
    {
        try
        {
            await stream.WriteAsync(data);
            return data.Length;
        }
        catch (IOException e)
        {
            throw AsOfASocket(e);
        }
    }

    public override async ValueTask EndSendingAsync()
    {
        try
        {
            await stream.ShutdownAsync();
        }
        catch (IOException e)
        {
            throw AsOfASocket(e);
        }
    }

    public override void Dispose() => stream.Dispose();

    private static Exception AsOfASocket(IOException e)
    {
        for (Exception? cause = e; cause is not null; cause = cause.InnerException)
        {
            if (cause is SocketException or ObjectDisposedException)
            {
                return cause;
            }
        }

        // It is not TLS any more what comes, or ends inside a record.
        return new SocketException((int)SocketError.ConnectionAborted, e.Message);
    }
}
