using System.Buffers;
using System.IO.Pipelines;

namespace AgentGateway.Proxy.Listeners.Connections;

/// <summary>What the first bytes of a connection say about its protocol.</summary>
internal enum WireProtocol
{
    /// <summary>The client closed before it said anything.</summary>
    Closed,

    /// <summary>HTTP/1.x, or anything else that is neither of the others; the HTTP server answers what it cannot read with 400.</summary>
    Http1,

    /// <summary>HTTP/2 with prior knowledge (RFC 9113, section 3.3).</summary>
    Http2,

    /// <summary>A TLS handshake.</summary>
    Tls,
}

/// <summary>Looks at the first bytes of a connection and leaves them where they are.</summary>
internal static class ConnectionPeek
{
    private const byte TlsHandshake = 22;

    private static ReadOnlySpan<byte> Http2Preface => "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"u8;

    /// <summary>Tells the protocol from as few bytes as possible: one for TLS and most of HTTP/1, the preface's start for HTTP/2.</summary>
    public static async ValueTask<WireProtocol> DetectAsync(PipeReader input, CancellationToken cancellationToken)
    {
        while (true)
        {
            var read = await input.ReadAsync(cancellationToken);
            var verdict = Classify(read.Buffer);
            if (verdict is { } protocol)
            {
                input.AdvanceTo(read.Buffer.Start);
                return protocol;
            }

            if (read.IsCompleted)
            {
                var empty = read.Buffer.IsEmpty;
                input.AdvanceTo(read.Buffer.Start);
                return empty ? WireProtocol.Closed : WireProtocol.Http1;
            }

            input.AdvanceTo(read.Buffer.Start, read.Buffer.End);
        }
    }

    private static WireProtocol? Classify(ReadOnlySequence<byte> buffer)
    {
        if (buffer.IsEmpty)
        {
            return null;
        }

        if (buffer.FirstSpan.Length > 0 && buffer.FirstSpan[0] == TlsHandshake)
        {
            return WireProtocol.Tls;
        }

        Span<byte> start = stackalloc byte[Http2Preface.Length];
        var length = (int)Math.Min(buffer.Length, start.Length);
        buffer.Slice(0, length).CopyTo(start);
        if (!start[..length].SequenceEqual(Http2Preface[..length]))
        {
            return WireProtocol.Http1;
        }

        return length == Http2Preface.Length ? WireProtocol.Http2 : null;
    }
}
