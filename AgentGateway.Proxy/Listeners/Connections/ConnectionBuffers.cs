using System.Buffers;
using System.Runtime.InteropServices;

namespace AgentGateway.Proxy.Listeners.Connections;

/// <summary>
/// Buffers of client connections. They are larger than the server's own (4 KiB): a request with a body of some kilobytes comes in by one receive and
/// goes to the upstream by one send, where several small blocks would cost a receive, a wake-up and a send each.
/// </summary>
internal sealed class ConnectionBuffers : MemoryPool<byte>
{
    /// <summary>Bytes of a buffer; the price of a connection that waits for its next request.</summary>
    public const int BufferBytes = 16 * 1024;

    // Free buffers beyond this many go to the garbage collector: 16 MiB stay after a peak.
    private const int MaxFree = 1024;

    private readonly Lock _lock = new();
    private readonly Stack<Buffer> _free = new();
    private bool _disposed;

    public override int MaxBufferSize => BufferBytes;

    /// <summary>Buffers that nobody uses.</summary>
    public int FreeCount
    {
        get
        {
            lock (_lock)
            {
                return _free.Count;
            }
        }
    }

    /// <exception cref="ArgumentOutOfRangeException">More was asked for than <see cref="MaxBufferSize"/>.</exception>
    public override IMemoryOwner<byte> Rent(int minBufferSize = -1)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(minBufferSize, BufferBytes);
        Buffer? buffer;
        lock (_lock)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            _free.TryPop(out buffer);
        }

        buffer ??= new Buffer(this);
        buffer.IsRented = true;
        return buffer;
    }

    protected override void Dispose(bool disposing)
    {
        lock (_lock)
        {
            _disposed = true;
            _free.Clear();
        }
    }

    private void Return(Buffer buffer)
    {
        lock (_lock)
        {
            // Given back twice, one buffer would serve two connections.
            if (!buffer.IsRented)
            {
                return;
            }

            buffer.IsRented = false;
            if (!_disposed && _free.Count < MaxFree)
            {
                _free.Push(buffer);
            }
        }
    }

    private sealed class Buffer(ConnectionBuffers owner) : IMemoryOwner<byte>
    {
        // Pinned for good: sockets need not pin it for each call.
        private readonly byte[] _bytes = GC.AllocateUninitializedArray<byte>(BufferBytes, pinned: true);

        public bool IsRented { get; set; }

        public Memory<byte> Memory => MemoryMarshal.CreateFromPinnedArray(_bytes, 0, _bytes.Length);

        public void Dispose() => owner.Return(this);
    }
}
