using System.Buffers;

namespace AgentGateway.Proxy.Backends.Transport;

/// <summary>Passes bytes both ways between two streams until both directions have ended.</summary>
internal static class DuplexRelay
{
    /// <summary>Time that one direction may go on after the other has ended.</summary>
    public static readonly TimeSpan HalfClosedTime = TimeSpan.FromSeconds(5);

    /// <summary>Returns the bytes passed from <paramref name="b"/> to <paramref name="a"/>. Errors of either side end the relay quietly: there
    /// is nobody left to tell.</summary>
    public static async Task<long> RunAsync(Stream a, Stream b, TimeProvider time, CancellationToken cancellationToken)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var up = CopyAsync(a, b, stop.Token);
        var down = CopyAsync(b, a, stop.Token);
        var first = await Task.WhenAny(up, down);
        using var grace = new CancellationTokenSource(HalfClosedTime, time);
        await using var registration = grace.Token.UnsafeRegister(static state => ((CancellationTokenSource)state!).Cancel(), stop);
        if (first == up && b is IHalfClosable half)
        {
            await half.CompleteWritesAsync(stop.Token);
        }
        else if (first == down)
        {
            // The upstream has ended: nobody listens to the client any more.
            await stop.CancelAsync();
        }

        await Task.WhenAll(up, down);
        return await down;
    }

    private static async Task<long> CopyAsync(Stream from, Stream to, CancellationToken cancellationToken)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(16 * 1024);
        long total = 0;
        try
        {
            int read;
            while ((read = await from.ReadAsync(buffer, cancellationToken)) > 0)
            {
                await to.WriteAsync(buffer.AsMemory(0, read), cancellationToken);
                await to.FlushAsync(cancellationToken);
                total += read;
            }
        }
        catch (Exception e) when (e is IOException or OperationCanceledException or ObjectDisposedException)
        {
            // One side has gone; the caller closes the other.
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }

        return total;
    }
}
