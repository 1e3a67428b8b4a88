using AgentGateway.Proxy.Mcp.Messages;

namespace AgentGateway.Proxy.Mcp.Federation;

/// <summary>The event streams of several targets as one. A stream that ends is left out; one that breaks off ends them all unless targets may fail.</summary>
/// <param name="group">The targets, each with its stream or with the attempt to open it under way.</param>
/// <param name="outward">Writes a target's message as the client sees it.</param>
internal sealed class EventsStream(BranchGroup group, Func<JsonRpcMessage, string, ReadOnlyMemory<byte>> outward) : MergedStream(group)
{
    protected override bool IsOver() => false;

    // With failOpen every target can be gone; the stream has ended then, which clients take as a reason to open it again.
    protected override bool Finish() => false;

    protected override ValueTask<bool> TakeAsync(Branch branch)
    {
        var message = branch.Messages!.Current;
        Current.Read(outward(message, branch.Target.Name));
        return new(true);
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
