using System.Net.Sockets;

namespace AgentGateway.Proxy.Backends.Http1;

/// <summary>A socket by itself.</summary>
internal sealed class SocketLink(Socket socket) : UpstreamLink
{
    private readonly SocketReceiver _receiver = new();

    public override bool IsPending => _receiver.IsPending;

    public override bool IsCompleted => _receiver.IsCompleted;

    public override int LongestWholeSend => int.MaxValue;

    public override void Start(Memory<byte> buffer) => _receiver.Start(socket, buffer);

    public override ValueTask<int> TakeAsync() => _receiver.TakeAsync();

    public override ValueTask<int> ReceiveAsync(Memory<byte> buffer) => socket.ReceiveAsync(buffer, SocketFlags.None);

    public override ValueTask<int> SendAsync(ReadOnlyMemory<byte> data) => socket.SendAsync(data, SocketFlags.None);

    public override ValueTask EndSendingAsync()
    {
        socket.Shutdown(SocketShutdown.Send);
        return default;
    }

    public override void Dispose()
    {
        socket.Dispose();
        _receiver.Dispose();
    }
}
