using AgentGateway.Proxy.Mcp.Messages;

namespace AgentGateway.Proxy.Mcp.Federation;

/// <summary>The event streams of several targets as one. A stream that ends is left out; one that breaks off ends them all unless targets may fail.</summary>
/// <param name="group">The targets, each with its stream or with the attempt to open it under way.</param>
/// <param name="outward">Writes a target's message as the client sees it.</param>
internal sealed class EventsStream(BranchGroup group, Func<JsonRpcMessage, string, ReadOnlyMemory<byte>> outward) : MergedStream(group)
{
    private bool _finished;

    /// <summary>Message that comes before all others.</summary>
    public byte[]? First { get; set; }

    /// <summary>Message that comes behind all others.</summary>
    public byte[]? Last { get; set; }

    /// <summary>Refuses requests of servers that no client can answer; null passes them on.</summary>
    public Func<Branch, JsonRpcMessage, ValueTask>? RefuseRequest { get; init; }

    public override ValueTask<bool> ReadAsync(CancellationToken cancellationToken)
    {
        if (First is not { } first)
        {
            return base.ReadAsync(cancellationToken);
        }

        First = null;
        Current.Read(first);
        return new(true);
    }

    protected override bool IsOver() => _finished;

    // With failOpen every target can be gone; the stream has ended then, which clients take as a reason to open it again.
    protected override bool Finish()
    {
        _finished = true;
        if (Last is null)
        {
            return false;
        }

        Current.Read(Last);
        return true;
    }

    protected override async ValueTask<bool> TakeAsync(Branch branch)
    {
        var message = branch.Messages!.Current;
        if (message.Kind == JsonRpcKind.Request && RefuseRequest is not null)
        {
            await RefuseRequest(branch, message);
            return false;
        }

        // On a stream that answers a request: the target ends its part.
        if (Last is not null && message.Kind is JsonRpcKind.Response or JsonRpcKind.Error)
        {
            branch.End();
            return false;
        }

        Current.Read(outward(message, branch.Target.Name));
        return true;
    }

    protected override void Ended(Branch branch) => branch.End();

    protected override void Failed(Branch branch, McpUpstreamException error)
    {
        branch.Fail(error);
        if (!Group.IsOpen)
        {
            throw error;
        }
    }
}
