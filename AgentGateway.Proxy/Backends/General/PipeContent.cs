using System.IO.Pipelines;
using System.Net;
using AgentGateway.Proxy.Backends.Transport;

namespace AgentGateway.Proxy.Backends.General;

/// <summary>The client's body as content of an <see cref="HttpRequestMessage"/>, passed on as it comes.</summary>
internal sealed class PipeContent : HttpContent
{
    private readonly UpstreamRequest _request;
    private readonly TaskCompletionSource _finished = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _started;
    private volatile bool _stopped;

    public PipeContent(UpstreamRequest request)
    {
        _request = request;
        if (request.ContentLength is { } length)
        {
            Headers.ContentLength = length;
        }
    }

    /// <summary>What reading the client's body threw, or null.</summary>
    public Exception? ClientFailure { get; private set; }

    /// <summary>Waits until nothing touches the body any more; stops a sending that is still going on.</summary>
    public async ValueTask StopAsync()
    {
        if (Interlocked.Exchange(ref _started, 1) == 0)
        {
            return;
        }

        if (!_finished.Task.IsCompleted)
        {
            _stopped = true;
            _request.Body!.CancelPendingRead();
            await _finished.Task;
        }
    }

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) => SerializeToStreamAsync(stream, context, CancellationToken.None);

    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken)
    {
        if (Interlocked.Exchange(ref _started, 1) != 0)
        {
            // The runtime sends a request again when a kept connection turned out dead; what was read of a body is gone.
            throw new InvalidOperationException("the request body cannot be sent twice");
        }

        try
        {
            await CopyAsync(_request.Body!, stream, cancellationToken);
        }
        finally
        {
            _finished.TrySetResult();
        }
    }

    protected override bool TryComputeLength(out long length)
    {
        length = _request.ContentLength ?? 0;
        return _request.ContentLength is not null;
    }

    private async Task CopyAsync(PipeReader body, Stream stream, CancellationToken cancellationToken)
    {
        var flushed = true;
        while (true)
        {
            if (!body.TryRead(out var result))
            {
                if (!flushed)
                {
                    await stream.FlushAsync(cancellationToken);
                    flushed = true;
                }

                result = await ReadAsync(body, cancellationToken);
            }

            if (_stopped || (result.IsCanceled && cancellationToken.IsCancellationRequested))
            {
                body.AdvanceTo(result.Buffer.Start);
                throw new IOException("the request was given up");
            }

            _request.BodyStarted |= !result.Buffer.IsEmpty;
            var end = result.Buffer.End;
            try
            {
                foreach (var segment in result.Buffer)
                {
                    await stream.WriteAsync(segment, cancellationToken);
                    flushed = false;
                }
            }
            finally
            {
                body.AdvanceTo(end);
            }

            if (result.IsCompleted)
            {
                return;
            }
        }
    }

    private async ValueTask<ReadResult> ReadAsync(PipeReader body, CancellationToken cancellationToken)
    {
        try
        {
            // Not by the read's own token: the server takes the body for still being read after that, and another attempt could not read on.
            await using var cancelling = cancellationToken.UnsafeRegister(static reader => ((PipeReader)reader!).CancelPendingRead(), body);
            return await body.ReadAsync(CancellationToken.None);
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            ClientFailure = e;
            throw;
        }
    }
}
