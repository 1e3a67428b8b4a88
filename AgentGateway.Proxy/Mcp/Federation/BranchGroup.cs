namespace AgentGateway.Proxy.Mcp.Federation;

/// <summary>
/// The targets that one message of a client goes to, side by side. With <c>failClosed</c> the first that fails ends the others; with
/// <c>failOpen</c> it is left out (specification 2.7). A bound of time holds for all of them together.
/// </summary>
internal sealed class BranchGroup : IAsyncDisposable
{
    private readonly CancellationToken _outer;
    private readonly CancellationTokenSource _ending;
    private readonly CancellationTokenSource? _timeout;
    private readonly TimeProvider _time;
    private McpUpstreamException? _failure;

    /// <param name="branches">The targets.</param>
    /// <param name="isOpen">True for <c>failOpen</c>.</param>
    /// <param name="limit">Time after which targets that are not done have failed; null for none.</param>
    /// <param name="time">Clock of the bound.</param>
    /// <param name="cancellationToken">Ends all of it: the client left.</param>
    public BranchGroup(Branch[] branches, bool isOpen, TimeSpan? limit, TimeProvider time, CancellationToken cancellationToken)
    {
        Branches = branches;
        IsOpen = isOpen;
        _outer = cancellationToken;
        _time = time;
        _timeout = limit is { } bound ? new CancellationTokenSource(bound, time) : null;
        _ending = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _timeout?.Token ?? CancellationToken.None);
    }

    public Branch[] Branches { get; }

    public bool IsOpen { get; }

    /// <summary>Cancelled when the client left, the time is over, or the message has failed.</summary>
    public CancellationToken Ending => _ending.Token;

    /// <summary>The failure that ends the message, null as long as it can succeed.</summary>
    public McpUpstreamException? Failure
    {
        get
        {
            if (Volatile.Read(ref _failure) is { } failure)
            {
                return failure;
            }

            return Array.TrueForAll(Branches, static branch => branch.Failure is not null) ? Array.Find(Branches, static branch => branch.Failure is not null)?.Failure : null;
        }
    }

    /// <summary>
    /// Token of one target's part. A server that does not offer what is asked may know it all the same, or not answer at all: it gets less time,
    /// and its failure is none.
    /// </summary>
    public CancellationToken EndingOf(Branch branch)
    {
        if (branch.IsOffered != false)
        {
            return _ending.Token;
        }

        if (branch.Deadline is null)
        {
            branch.Timeout = new CancellationTokenSource(McpLimits.NotOfferedTime, _time);
            branch.Deadline = CancellationTokenSource.CreateLinkedTokenSource(_ending.Token, branch.Timeout.Token);
        }

        return branch.Deadline.Token;
    }

    /// <summary>Does something with every target side by side and waits for all. Failures are noted, not thrown.</summary>
    /// <exception cref="OperationCanceledException">The client left.</exception>
    public async ValueTask RunAsync(Func<Branch, Task> act)
    {
        await Task.WhenAll(Array.ConvertAll(Branches, branch => branch.IsDone ? Task.CompletedTask : RunAsync(branch, act)));
        _outer.ThrowIfCancellationRequested();
    }

    /// <summary>Notes that a target failed.</summary>
    public void Fail(Branch branch, McpUpstreamException failure)
    {
        if (branch.IsOffered == false)
        {
            branch.End();
            return;
        }

        branch.Fail(failure);
        if (!IsOpen && Interlocked.CompareExchange(ref _failure, failure, null) is null)
        {
            // On another thread: what hangs on the token may belong to the caller.
            _ = _ending.CancelAsync();
        }
    }

    /// <summary>What a cancellation of one target's part means: the time is over, or another failure ended it.</summary>
    /// <exception cref="OperationCanceledException">The client left.</exception>
    public McpUpstreamException Interrupted(Branch branch)
    {
        _outer.ThrowIfCancellationRequested();
        return new McpUpstreamException(Volatile.Read(ref _failure) is not null
            ? $"failed to send message: target {branch.Target.Name} was not waited for"
            : $"failed to send message: target {branch.Target.Name} did not answer in time");
    }

    /// <summary>Ends what is under way and waits for it, so that nothing uses the client's request after its end.</summary>
    public async ValueTask DisposeAsync()
    {
        await _ending.CancelAsync();
        foreach (var branch in Branches)
        {
            if (branch.Reading is { } reading)
            {
                // Its failure is of no interest any more.
                await reading.ContinueWith(static task => _ = task.Exception, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
            }

            if (branch.Messages is { } messages)
            {
                await messages.DisposeAsync();
            }

            branch.Deadline?.Dispose();
            branch.Timeout?.Dispose();
            branch.Span?.End();
        }

        _ending.Dispose();
        _timeout?.Dispose();
    }

    private async Task RunAsync(Branch branch, Func<Branch, Task> act)
    {
        try
        {
            await act(branch);
        }
        catch (McpUpstreamException error)
        {
            Fail(branch, error);
        }
        catch (OperationCanceledException) when (EndingOf(branch).IsCancellationRequested)
        {
            if (!_outer.IsCancellationRequested)
            {
                Fail(branch, Interrupted(branch));
            }
        }
    }
}
