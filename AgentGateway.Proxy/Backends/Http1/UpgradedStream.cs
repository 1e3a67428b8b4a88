using System.Net.Sockets;
using AgentGateway.Proxy.Backends.Transport;

namespace AgentGateway.Proxy.Backends.Http1;

/// <summary>The raw connection after 101: first what came behind the head, then the connection.</summary>
internal sealed class UpgradedStream(Http1Connection connection) : Stream, IHalfClosable
{
    public override bool CanRead => true;

    public override bool CanWrite => true;

    public override bool CanSeek => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public async ValueTask CompleteWritesAsync(CancellationToken cancellationToken)
    {
        await using var registration = cancellationToken.UnsafeRegister(static state => ((Http1Connection)state!).Abort(), connection);
        try
        {
            await connection.EndSendingAsync();
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            connection.Abort();
        }
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var waiting = connection.End - connection.Start;
        if (waiting > 0)
        {
            var take = Math.Min(waiting, buffer.Length);
            connection.Buffer.AsSpan(connection.Start, take).CopyTo(buffer.Span);
            connection.Start += take;
            return take;
        }

        return await Guard(connection.ReceiveAsync(buffer), cancellationToken);
    }

    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default) =>
        await Guard(connection.SendAsync(buffer), cancellationToken);

    public override Task FlushAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public override void Flush()
    {
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    // A blocked call ends only with the connection, which is all that is left to do with an upgraded connection.
    private async ValueTask<int> Guard(ValueTask<int> operation, CancellationToken cancellationToken)
    {
        await using var registration = cancellationToken.UnsafeRegister(static state => ((Http1Connection)state!).Abort(), connection);
        try
        {
            return await operation;
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            cancellationToken.ThrowIfCancellationRequested();
            throw new IOException(e.Message, e);
        }
    }
}
