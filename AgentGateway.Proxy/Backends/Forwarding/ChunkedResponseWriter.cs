using System.Buffers;
using System.Buffers.Text;
using System.IO.Pipelines;
using System.Text;
using AgentGateway.Proxy.Requests;
using Microsoft.AspNetCore.Http;

namespace AgentGateway.Proxy.Backends.Forwarding;

/// <summary>Writes a body in chunks (RFC 9112, 7.1) with trailers at the end, where the server leaves the framing to the application.</summary>
/// <param name="target">Where chunks go.</param>
/// <param name="recorder">Keeps a copy of the content; null when nobody reads it.</param>
internal sealed class ChunkedResponseWriter(PipeWriter target, ResponseRecorder? recorder = null) : PipeWriter
{
    private readonly ArrayBufferWriter<byte> _pending = new();

    public override Memory<byte> GetMemory(int sizeHint = 0) => _pending.GetMemory(sizeHint);

    public override Span<byte> GetSpan(int sizeHint = 0) => _pending.GetSpan(sizeHint);

    public override void Advance(int bytes) => _pending.Advance(bytes);

    public override ValueTask<FlushResult> FlushAsync(CancellationToken cancellationToken = default)
    {
        WritePending();
        return target.FlushAsync(cancellationToken);
    }

    public override ValueTask<FlushResult> WriteAsync(ReadOnlyMemory<byte> source, CancellationToken cancellationToken = default)
    {
        WritePending();
        WriteChunk(source.Span);
        return target.FlushAsync(cancellationToken);
    }

    /// <summary>Writes the last chunk and the trailers.</summary>
    public async ValueTask EndAsync(IHeaderDictionary? trailers)
    {
        WritePending();
        target.Write("0\r\n"u8);
        if (trailers is not null)
        {
            foreach (var (name, values) in trailers)
            {
                foreach (var value in values)
                {
                    target.Write(Encoding.UTF8.GetBytes($"{name}: {value}\r\n"));
                }
            }
        }

        target.Write("\r\n"u8);
        await target.FlushAsync();
    }

    public override void CancelPendingFlush() => target.CancelPendingFlush();

    /// <summary>Does nothing: the target belongs to the server.</summary>
    public override void Complete(Exception? exception = null)
    {
    }

    private void WritePending()
    {
        if (_pending.WrittenCount > 0)
        {
            WriteChunk(_pending.WrittenSpan);
            _pending.ResetWrittenCount();
        }
    }

    private void WriteChunk(ReadOnlySpan<byte> data)
    {
        // A chunk of no bytes would end the body.
        if (data.IsEmpty)
        {
            return;
        }

        recorder?.Record(data);
        Span<byte> size = stackalloc byte[20];
        Utf8Formatter.TryFormat(data.Length, size, out var written, new StandardFormat('x'));
        "\r\n"u8.CopyTo(size[written..]);
        target.Write(size[..(written + 2)]);
        target.Write(data);
        target.Write("\r\n"u8);
    }
}
