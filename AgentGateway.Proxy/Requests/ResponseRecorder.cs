using System.IO.Pipelines;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace AgentGateway.Proxy.Requests;

/// <summary>
/// Stands before the server's response body and keeps a bounded copy of what passes, for logs and spans; nothing is held back.
/// </summary>
internal sealed class ResponseRecorder(IHttpResponseBodyFeature server, int limit) : PipeWriter, IHttpResponseBodyFeature
{
    private readonly BodyRecord _record = new(limit);
    private Memory<byte> _memory;
    private Stream? _stream;

    /// <summary>What has passed so far, or its beginning.</summary>
    public ReadOnlyMemory<byte> Content => _record.Content;

    /// <summary>True while nothing was left out.</summary>
    public bool IsWhole => !_record.IsCut;

    /// <summary>The server's own writer, for bytes that are framing and not content.</summary>
    public PipeWriter Server => server.Writer;

    public Stream Stream => _stream ??= AsStream();

    public PipeWriter Writer => this;

    public override bool CanGetUnflushedBytes => server.Writer.CanGetUnflushedBytes;

    public override long UnflushedBytes => server.Writer.UnflushedBytes;

    /// <summary>Keeps content that goes to <see cref="Server"/> in another form.</summary>
    public void Record(ReadOnlySpan<byte> content) => _record.Add(content);

    public void DisableBuffering() => server.DisableBuffering();

    public Task SendFileAsync(string path, long offset, long? count, CancellationToken cancellationToken = default) =>
        SendFileFallback.SendFileAsync(Stream, path, offset, count, cancellationToken);

    public Task StartAsync(CancellationToken cancellationToken = default) => server.StartAsync(cancellationToken);

    public Task CompleteAsync() => server.CompleteAsync();

    public override Memory<byte> GetMemory(int sizeHint = 0) => _memory = server.Writer.GetMemory(sizeHint);

    public override Span<byte> GetSpan(int sizeHint = 0) => GetMemory(sizeHint).Span;

    public override void Advance(int bytes)
    {
        _record.Add(_memory.Span[..bytes]);
        _memory = _memory[bytes..];
        server.Writer.Advance(bytes);
    }

    public override ValueTask<FlushResult> FlushAsync(CancellationToken cancellationToken = default) => server.Writer.FlushAsync(cancellationToken);

    public override ValueTask<FlushResult> WriteAsync(ReadOnlyMemory<byte> source, CancellationToken cancellationToken = default)
    {
        _record.Add(source.Span);
        return server.Writer.WriteAsync(source, cancellationToken);
    }

    public override void CancelPendingFlush() => server.Writer.CancelPendingFlush();

    public override void Complete(Exception? exception = null)
    {
    }
}
