namespace AgentGateway.Proxy.Requests;

/// <summary>A time limit that can be lifted: a response whose head is ready is no longer cut by it, however long its body takes.</summary>
internal sealed class RequestDeadline
{
    private const int Running = 0;
    private const int Passed = 1;
    private const int Lifted = 2;

    private readonly CancellationTokenSource _cancellation;
    private readonly ITimer _timer;
    private int _state;

    public RequestDeadline(TimeSpan limit, TimeProvider time, CancellationToken aborted)
    {
        _cancellation = CancellationTokenSource.CreateLinkedTokenSource(aborted);
        _timer = time.CreateTimer(static state => ((RequestDeadline)state!).Pass(), this, limit, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Cancelled when the limit passes or the request is aborted.</summary>
    public CancellationToken Token => _cancellation.Token;

    public bool HasPassed => Volatile.Read(ref _state) == Passed;

    /// <summary>Lifts the limit; false when it has passed already.</summary>
    public bool TryLift()
    {
        var before = Interlocked.CompareExchange(ref _state, Lifted, Running);
        if (before == Running)
        {
            _timer.Dispose();
        }

        return before != Passed;
    }

    /// <summary>Frees the timer and the token; nothing may wait on the token any more.</summary>
    public void End()
    {
        Interlocked.CompareExchange(ref _state, Lifted, Running);
        _timer.Dispose();
        _cancellation.Dispose();
    }

    private void Pass()
    {
        if (Interlocked.CompareExchange(ref _state, Passed, Running) != Running)
        {
            return;
        }

        try
        {
            _cancellation.Cancel();
        }
        catch (ObjectDisposedException)
        {
            // The request ended between the two lines: nothing waits on the token any more.
        }
    }
}
