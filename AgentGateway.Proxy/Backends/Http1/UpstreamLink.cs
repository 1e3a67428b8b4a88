using System.Net.Sockets;

namespace AgentGateway.Proxy.Backends.Http1;

/// <summary>
/// What HTTP/1.1 is spoken over: a socket, or TLS on one. One receive and one send at a time. Whatever lies below, failures are those of a socket:
/// <see cref="SocketException"/>, and <see cref="ObjectDisposedException"/> after <see cref="Dispose"/>.
/// </summary>
internal abstract class UpstreamLink : IDisposable
{
    /// <summary>A receive was started and its result not taken yet.</summary>
    public abstract bool IsPending { get; }

    /// <summary>The started receive has a result.</summary>
    public abstract bool IsCompleted { get; }

    /// <summary>Longest data of which a send that fails at once has sent nothing.</summary>
    public abstract int LongestWholeSend { get; }

    /// <summary>Starts a receive; <see cref="TakeAsync"/> gives its result.</summary>
    public abstract void Start(Memory<byte> buffer);

    /// <summary>Bytes received by the receive that was started; 0 when the other side has closed.</summary>
    public abstract ValueTask<int> TakeAsync();

    /// <summary>Receives without the state of <see cref="Start"/>.</summary>
    public abstract ValueTask<int> ReceiveAsync(Memory<byte> buffer);

    /// <summary>Sends everything.</summary>
    public abstract ValueTask<int> SendAsync(ReadOnlyMemory<byte> data);

    /// <summary>Tells the other side that nothing more will be sent; receiving goes on.</summary>
    public abstract ValueTask EndSendingAsync();

    /// <summary>Closes whatever is going on, without a word to the other side. Safe from any thread.</summary>
    public abstract void Dispose();
}
