using System.IO.Pipelines;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Http;

namespace AgentGateway.Proxy.Requests;

/// <summary>
/// The patience with a client whose body is read into memory: it must keep up a least rate. A body that streams to an upstream needs none, there a
/// pause is the upstream's affair; one that is held here would let a client occupy memory for as long as it likes.
/// </summary>
internal sealed class BodyPace : IDisposable
{
    /// <summary>Time that a body may take before its rate counts.</summary>
    public static readonly TimeSpan Grace = TimeSpan.FromSeconds(10);

    // The HTTP server's own idea of too slow, which it applies to streams as well and is therefore off.
    private const double BytesPerSecond = 240;

    private readonly TimeProvider _time;
    private readonly long _begun;
    private readonly CancellationTokenSource _tooSlow;
    private readonly CancellationTokenSource _either;

    /// <summary>Begins to count.</summary>
    /// <param name="context">The request whose body is read.</param>
    public BodyPace(RequestContext context)
    {
        _time = context.Services.Time;
        _begun = _time.GetTimestamp();
        _tooSlow = new CancellationTokenSource(Grace, _time);
        _either = CancellationTokenSource.CreateLinkedTokenSource(_tooSlow.Token, context.Aborted);
    }

    /// <summary>Reads on.</summary>
    /// <param name="reader">The body.</param>
    /// <param name="received">Bytes that came before.</param>
    /// <exception cref="BadHttpRequestException">408: the client sends too slowly. Or whatever the server finds wrong with the body.</exception>
    /// <exception cref="ConnectionAbortedException">The client has gone.</exception>
    public async ValueTask<ReadResult> ReadAsync(PipeReader reader, long received)
    {
        var left = Grace + TimeSpan.FromSeconds(received / BytesPerSecond) - _time.GetElapsedTime(_begun);
        if (left <= TimeSpan.Zero)
        {
            // What has arrived meanwhile was not slow: then it was the gateway that had no time to look.
            return reader.TryRead(out var ready) ? ready : throw TooSlow();
        }

        _tooSlow.CancelAfter(left);
        try
        {
            // Not by the read's own token: the server takes the body for still being read after that, and can neither read on nor drain it.
            await using var cancelling = _either.Token.UnsafeRegister(static reader => ((PipeReader)reader!).CancelPendingRead(), reader);
            var result = await reader.ReadAsync();
            if (!result.IsCanceled)
            {
                return result;
            }

            reader.AdvanceTo(result.Buffer.Start);
        }
        catch (IOException error) when (error is not BadHttpRequestException)
        {
            // The read may learn of it before the request's own token does.
            throw new ConnectionAbortedException(RequestContext.ClientGone, error);
        }

        throw _tooSlow.IsCancellationRequested ? TooSlow() : new OperationCanceledException(_either.Token);
    }

    public void Dispose()
    {
        _either.Dispose();
        _tooSlow.Dispose();
    }

    private static BadHttpRequestException TooSlow() => new("the body comes too slowly", StatusCodes.Status408RequestTimeout);
}
