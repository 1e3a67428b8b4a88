using System.Buffers;
using System.Buffers.Text;
using System.Net.Sockets;
using AgentGateway.Proxy.Backends.Transport;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Http;

namespace AgentGateway.Proxy.Backends.Http1;

/// <summary>
/// Sends a request body that was not there in one piece when the request began, beside the reading of the response: an upstream may answer early.
/// </summary>
internal sealed class RequestBodyPump(Http1Connection connection, UpstreamRequest request, TimeProvider time)
{
    /// <summary>Longest wait for <c>100 Continue</c>: not every upstream sends it (RFC 9110, 10.1.1: do not wait for ever).</summary>
    private static readonly TimeSpan ContinueWait = TimeSpan.FromSeconds(1);

    private const int SendBytes = 16 * 1024;

    private readonly TaskCompletionSource<bool>? _continue =
        request.ExpectContinue ? new(TaskCreationOptions.RunContinuationsAsynchronously) : null;

    private Task _running = Task.CompletedTask;
    private volatile bool _stopped;

    /// <summary>The whole body was sent.</summary>
    public bool IsComplete { get; private set; }

    /// <summary>What reading the client's body threw, or null.</summary>
    public Exception? ClientFailure { get; private set; }

    /// <summary>Starts with the head, which stands in <paramref name="buffer"/>; the first piece of the body joins it.</summary>
    public void Start(byte[] buffer, int headLength) => _running = RunAsync(buffer, headLength);

    /// <summary>The upstream wants the body.</summary>
    public void Continue() => _continue?.TrySetResult(true);

    /// <summary>Stops reading the client's body and waits until nothing touches it any more.</summary>
    public async ValueTask StopAsync()
    {
        _stopped = true;
        _continue?.TrySetResult(false);
        if (!_running.IsCompleted)
        {
            request.Body!.CancelPendingRead();
        }

        await _running;
    }

    private async Task RunAsync(byte[] buffer, int filled)
    {
        var rented = ArrayPool<byte>.Shared.Rent(Math.Max(SendBytes, filled + 1024));
        try
        {
            buffer.AsSpan(0, filled).CopyTo(rented);
            if (_continue is not null)
            {
                await connection.SendAsync(rented.AsMemory(0, filled));
                filled = 0;
                await WaitForContinueAsync();
            }

            await SendBodyAsync(rented, filled);
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // The upstream closed while we were sending. It may have answered before: the reader of the response decides.
        }
        catch (Exception e) when (e is UpstreamException || IsClientFailure(e))
        {
            // A half-sent request must not look whole to the upstream: only cutting the connection says so.
            ClientFailure = e;
            connection.Abort();
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(rented);
        }
    }

    private async Task WaitForContinueAsync()
    {
        using var giveUp = new CancellationTokenSource(ContinueWait, time);
        await using var registration = giveUp.Token.UnsafeRegister(static state => ((TaskCompletionSource<bool>)state!).TrySetResult(true), _continue!);
        await _continue!.Task;
    }

    private async Task SendBodyAsync(byte[] buffer, int filled)
    {
        var body = request.Body!;
        var chunked = request.ContentLength is null;
        var left = request.ContentLength ?? long.MaxValue;
        while (!_stopped)
        {
            // The head waits only for what is there already.
            if (!body.TryRead(out var result))
            {
                if (filled > 0)
                {
                    await connection.SendAsync(buffer.AsMemory(0, filled));
                    filled = 0;
                }

                result = await body.ReadAsync();
            }

            if (result.IsCanceled)
            {
                body.AdvanceTo(result.Buffer.Start);
                continue;
            }

            var available = result.Buffer;
            if (available.Length > left)
            {
                body.AdvanceTo(available.End);
                throw new InvalidOperationException("the request body is longer than its Content-Length");
            }

            request.BodyStarted |= !available.IsEmpty;
            left -= available.Length;
            try
            {
                if (chunked && !available.IsEmpty)
                {
                    filled = await ReserveAsync(buffer, filled, 20);
                    filled += WriteChunkSize(buffer.AsSpan(filled), available.Length);
                }

                foreach (var segment in available)
                {
                    for (var rest = segment; !rest.IsEmpty;)
                    {
                        filled = await ReserveAsync(buffer, filled, 1);
                        var take = Math.Min(rest.Length, buffer.Length - filled);
                        rest.Span[..take].CopyTo(buffer.AsSpan(filled));
                        filled += take;
                        rest = rest[take..];
                    }
                }

                if (chunked && !available.IsEmpty)
                {
                    filled = await ReserveAsync(buffer, filled, 2);
                    "\r\n"u8.CopyTo(buffer.AsSpan(filled));
                    filled += 2;
                }
            }
            finally
            {
                // Also when the upstream is gone: another attempt, or the server that drains the body, reads on from here.
                body.AdvanceTo(available.End);
            }

            if (result.IsCompleted)
            {
                break;
            }
        }

        if (_stopped)
        {
            return;
        }

        if (!chunked && left > 0)
        {
            throw new InvalidOperationException("the request body is shorter than its Content-Length");
        }

        if (chunked)
        {
            filled = await WriteEndAsync(buffer, filled);
        }

        if (filled > 0)
        {
            await connection.SendAsync(buffer.AsMemory(0, filled));
        }

        IsComplete = true;
    }

    private static bool IsClientFailure(Exception e) =>
        e is BadHttpRequestException or ConnectionAbortedException or ConnectionResetException or OperationCanceledException or IOException or InvalidOperationException;

    private async ValueTask<int> ReserveAsync(byte[] buffer, int filled, int needed)
    {
        if (buffer.Length - filled >= needed)
        {
            return filled;
        }

        await connection.SendAsync(buffer.AsMemory(0, filled));
        return 0;
    }

    private static int WriteChunkSize(Span<byte> target, long size)
    {
        Utf8Formatter.TryFormat(size, target, out var written, new StandardFormat('x'));
        "\r\n"u8.CopyTo(target[written..]);
        return written + 2;
    }

    private async ValueTask<int> WriteEndAsync(byte[] buffer, int filled)
    {
        filled = await ReserveAsync(buffer, filled, 5);
        "0\r\n"u8.CopyTo(buffer.AsSpan(filled));
        filled += 3;
        if (request.Trailers is { Available: true } trailers)
        {
            foreach (var (name, values) in trailers.Trailers)
            {
                if (HopByHop.IsForbiddenTrailer(name))
                {
                    continue;
                }

                var line = System.Text.Encoding.UTF8.GetBytes($"{name}: {values}\r\n");
                _ = ResponseHeadParser.SplitField(line.AsSpan(0, line.Length - 2));
                if (line.Length > buffer.Length)
                {
                    throw new InvalidOperationException("a request trailer is too long");
                }

                filled = await ReserveAsync(buffer, filled, line.Length);
                line.CopyTo(buffer, filled);
                filled += line.Length;
            }
        }

        filled = await ReserveAsync(buffer, filled, 2);
        "\r\n"u8.CopyTo(buffer.AsSpan(filled));
        return filled + 2;
    }
}
