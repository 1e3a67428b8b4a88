using System.Buffers;
using System.IO.Pipelines;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace AgentGateway.Proxy.Requests;

/// <summary>
/// Stands in for the server's response body while policies wait for the body they read: holds back head and body until the body is whole or
/// larger than the bound, has the policies run, and then lets everything through.
/// </summary>
internal sealed class ResponseCapture : PipeWriter, IHttpResponseBodyFeature
{
    private readonly RequestContext _context;
    private readonly IHttpResponseBodyFeature _server;
    private readonly ArrayBufferWriter<byte> _held = new();
    private readonly int _limit;
    private Stream? _stream;
    private bool _isOpen;
    private bool _isReplaced;

    public ResponseCapture(RequestContext context, IHttpResponseBodyFeature server)
    {
        _context = context;
        _server = server;
        _limit = context.MaxBufferSize;
    }

    public Stream Stream => _stream ??= AsStream();

    public PipeWriter Writer => this;

    public void DisableBuffering() => _server.DisableBuffering();

    public Task SendFileAsync(string path, long offset, long? count, CancellationToken cancellationToken = default) =>
        SendFileFallback.SendFileAsync(Stream, path, offset, count, cancellationToken);

    /// <summary>Nothing starts before the policies have run.</summary>
    public Task StartAsync(CancellationToken cancellationToken = default) => _isOpen && !_isReplaced ? _server.StartAsync(cancellationToken) : Task.CompletedTask;

    public Task CompleteAsync() => Task.CompletedTask;

    public override Memory<byte> GetMemory(int sizeHint = 0) => PassesOn ? _server.Writer.GetMemory(sizeHint) : _held.GetMemory(sizeHint);

    public override Span<byte> GetSpan(int sizeHint = 0) => GetMemory(sizeHint).Span;

    public override void Advance(int bytes)
    {
        if (PassesOn)
        {
            _server.Writer.Advance(bytes);
        }
        else
        {
            _held.Advance(bytes);
        }
    }

    public override ValueTask<FlushResult> FlushAsync(CancellationToken cancellationToken = default)
    {
        if (PassesOn)
        {
            return _server.Writer.FlushAsync(cancellationToken);
        }

        if (_isReplaced)
        {
            // Nobody wants the rest, which may have no end.
            _held.ResetWrittenCount();
            return new(new FlushResult(false, isCompleted: true));
        }

        return _held.WrittenCount > _limit ? OverflowAsync(cancellationToken) : new(new FlushResult(false, false));
    }

    public override void CancelPendingFlush() => _server.Writer.CancelPendingFlush();

    public override void Complete(Exception? exception = null)
    {
    }

    /// <summary>The body has ended: runs the policies, if they have not run yet, and sends what was held back.</summary>
    public async ValueTask FinishAsync()
    {
        if (_isOpen || _isReplaced || _context.Http.RequestAborted.IsCancellationRequested)
        {
            return;
        }

        await OpenAsync(isWhole: true);
    }

    /// <summary>Drops what is held back; what is written from now on goes to the server.</summary>
    public void Abandon()
    {
        _isReplaced = true;
        _held.ResetWrittenCount();
        _context.Http.Features.Set(_server);
    }

    /// <summary>True when another response has taken the place of this one.</summary>
    public bool IsReplaced => _isReplaced;

    private bool PassesOn => _isOpen && !_isReplaced;

    private async ValueTask<FlushResult> OverflowAsync(CancellationToken cancellationToken)
    {
        await OpenAsync(isWhole: false);
        return PassesOn ? await _server.Writer.FlushAsync(cancellationToken) : new FlushResult(false, isCompleted: true);
    }

    private async ValueTask OpenAsync(bool isWhole)
    {
        var held = _held.WrittenMemory;
        _context.SetResponseBody(isWhole ? held : held[.._limit], isWhole);
        var reply = await _context.RunResponsePoliciesAsync();
        _context.Http.Features.Set(_server);
        _isOpen = true;
        if (reply is not null)
        {
            _isReplaced = true;
            _held.ResetWrittenCount();
            await ReplyWriter.WriteAsync(_context, reply);
            return;
        }

        if (ResponseFields.IsWithoutBody(_context.Http.Response.StatusCode))
        {
            // A policy gave the response a status that has no body; what the upstream still sends of it is dropped.
            _context.Http.Response.ContentLength = null;
            _isReplaced = true;
            _held.ResetWrittenCount();
            return;
        }

        var isHead = _context.ClientAskedForHead;
        if (isWhole && !isHead && _context.Http.Response.ContentLength is not null)
        {
            // A status without a body may come with the length of another (304), and policies may have given it one that has a body.
            _context.Http.Response.ContentLength = held.Length;
        }

        if (!held.IsEmpty && !isHead)
        {
            await _server.Writer.WriteAsync(held, _context.Http.RequestAborted);
        }

        _held.ResetWrittenCount();
    }
}
