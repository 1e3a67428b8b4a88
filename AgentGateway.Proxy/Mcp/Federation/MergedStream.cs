using AgentGateway.Proxy.Mcp.Streaming;

namespace AgentGateway.Proxy.Mcp.Federation;

/// <summary>
/// The streams of several targets as one. Each target has one read under way and one message that waits, so that a slow client slows the targets
/// down and a quiet target holds nobody up; whoever comes next is taken in turn.
/// </summary>
internal abstract class MergedStream(BranchGroup group) : MessageStream
{
    private int _turn;

    protected BranchGroup Group { get; } = group;

    public override async ValueTask<bool> ReadAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            if (IsOver())
            {
                return false;
            }

            if (await NextAsync(cancellationToken) is not { } branch)
            {
                return Finish();
            }

            var reading = branch.Reading!;
            branch.Reading = null;
            try
            {
                if (!await reading)
                {
                    Ended(branch);
                }
                else if (await TakeAsync(branch))
                {
                    return true;
                }
            }
            catch (McpUpstreamException error)
            {
                Failed(branch, error);
            }
            catch (OperationCanceledException) when (Group.EndingOf(branch).IsCancellationRequested && !cancellationToken.IsCancellationRequested)
            {
                Failed(branch, Group.Interrupted(branch));
            }
        }
    }

    public override ValueTask DisposeAsync() => Group.DisposeAsync();

    /// <summary>True when nothing more is to be read.</summary>
    protected abstract bool IsOver();

    /// <summary>All targets are done; true when there is a last message.</summary>
    protected abstract bool Finish();

    /// <summary>Takes the message that a target sent; true when it is for the client and is the current one now.</summary>
    protected abstract ValueTask<bool> TakeAsync(Branch branch);

    /// <summary>A target's stream has ended.</summary>
    protected abstract void Ended(Branch branch);

    /// <summary>A target's stream broke off.</summary>
    protected abstract void Failed(Branch branch, McpUpstreamException error);

    // The next target that has something, null when all are done.
    private async ValueTask<Branch?> NextAsync(CancellationToken cancellationToken)
    {
        var branches = Group.Branches;
        List<Task>? pending = null;
        for (var i = 0; i < branches.Length; i++)
        {
            var branch = branches[(_turn + i) % branches.Length];
            if (branch.IsDone)
            {
                continue;
            }

            branch.Reading ??= branch.Messages!.ReadAsync(Group.EndingOf(branch)).AsTask();
            if (branch.Reading.IsCompleted)
            {
                _turn = (branch.Position + 1) % branches.Length;
                return branch;
            }

            (pending ??= []).Add(branch.Reading);
        }

        if (pending is null)
        {
            return null;
        }

        await Task.WhenAny(pending).WaitAsync(cancellationToken);
        return await NextAsync(cancellationToken);
    }
}
