using System.Net.Sockets;
using System.Threading.Tasks.Sources;

namespace AgentGateway.Proxy.Backends.Http1;

/// <summary>Receives of one socket, one at a time, without allocations; whether one has completed can be asked without awaiting it.</summary>
internal sealed class SocketReceiver() : SocketAsyncEventArgs(true), IValueTaskSource<int>
{
    private ManualResetValueTaskSourceCore<int> _source;
    private bool _started;

    /// <summary>A receive was started and its result not taken yet.</summary>
    public bool IsPending => _started;

    /// <summary>The started receive has a result.</summary>
    public bool IsCompleted => _started && _source.GetStatus(_source.Version) != ValueTaskSourceStatus.Pending;

    /// <summary>Starts a receive; <see cref="TakeAsync"/> gives its result.</summary>
    public void Start(Socket socket, Memory<byte> buffer)
    {
        _source.Reset();
        SetBuffer(buffer);
        _started = true;
        if (!socket.ReceiveAsync(this))
        {
            OnCompleted(this);
        }
    }

    /// <summary>Bytes received by the receive that was started; 0 when the other side has closed.</summary>
    public ValueTask<int> TakeAsync()
    {
        _started = false;
        return new(this, _source.Version);
    }

    public int GetResult(short token) => _source.GetResult(token);

    public ValueTaskSourceStatus GetStatus(short token) => _source.GetStatus(token);

    public void OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _source.OnCompleted(continuation, state, token, flags);

    protected override void OnCompleted(SocketAsyncEventArgs e)
    {
        if (SocketError == SocketError.Success)
        {
            _source.SetResult(BytesTransferred);
        }
        else
        {
            _source.SetException(new SocketException((int)SocketError));
        }
    }
}
