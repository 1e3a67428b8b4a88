using System.Net.Security;

namespace AgentGateway.Proxy.Backends.General;

/// <summary>
/// TLS below the runtime's HTTP client, where that may speak HTTP/1.1 (MCP servers, services that policies call). It reads no further than a response goes, and gives a connection on which a response has just ended to a request
/// that waits for one without another look: what stands behind the response would be read as the answer to that request. So this reads what there is, and
/// lets no HTTP/1.1 request begin while something is left.
/// </summary>
/// <param name="inner">The connection.</param>
internal sealed class UpstreamTlsStream(Stream inner) : SslStream(inner)
{
    private const int AheadBytes = 32 * 1024;

    private byte[]? _ahead;
    private int _start;
    private int _end;
    private bool? _isHttp2;

    private bool IsHttp2 => _isHttp2 ??= NegotiatedApplicationProtocol == SslApplicationProtocol.Http2;

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (_start < _end)
        {
            return new(Take(buffer));
        }

        // A read of nothing waits until there is something; a large one takes what there is.
        return buffer.IsEmpty || buffer.Length >= AheadBytes || IsHttp2 ? base.ReadAsync(buffer, cancellationToken) : ReadAheadAsync(buffer, cancellationToken);
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    /// <exception cref="IOException">A request begins although bytes are left that nobody has asked for.</exception>
    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default) =>
        _start < _end && IsRequest(buffer.Span) ? throw new IOException("the upstream has sent more than its response") : base.WriteAsync(buffer, cancellationToken);

    private async ValueTask<int> ReadAheadAsync(Memory<byte> buffer, CancellationToken cancellationToken)
    {
        _ahead ??= GC.AllocateUninitializedArray<byte>(AheadBytes);
        _end = await base.ReadAsync(_ahead, cancellationToken);
        _start = 0;
        return Take(buffer);
    }

    private int Take(Memory<byte> buffer)
    {
        var count = Math.Min(buffer.Length, _end - _start);
        _ahead.AsSpan(_start, count).CopyTo(buffer.Span);
        _start += count;
        return count;
    }

    // Bytes of a body (after 100 Continue) and of another protocol (after 101) may be sent whatever there is to read.
    private static bool IsRequest(ReadOnlySpan<byte> data)
    {
        var end = data.IndexOf("\r\n"u8);
        return end > 0 && data[..end].EndsWith(" HTTP/1.1"u8);
    }
}
