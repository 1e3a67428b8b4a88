using System.Threading.Channels;
using AgentGateway.Proxy.Mcp.Messages;
using AgentGateway.Proxy.Mcp.Streaming;

namespace AgentGateway.Proxy.Mcp.Upstreams;

/// <summary>A request that a server with one stream for everything has not answered yet, as the stream of what it sends about it.</summary>
internal sealed class PendingCall(SharedStream owner, string id, string? progressToken, string method) : MessageStream
{
    private readonly Channel<JsonRpcMessage> _queue = Channel.CreateBounded<JsonRpcMessage>(
        new BoundedChannelOptions(McpLimits.QueuedMessages) { SingleReader = true, SingleWriter = false });

    private readonly TaskCompletionSource _begun = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public string Id { get; } = id;

    public string? ProgressToken { get; } = progressToken;

    public bool IsToolCall { get; } = method == McpMethods.ToolsCall;

    /// <summary>Completes with the first message, or with the end.</summary>
    public Task Begun => _begun.Task;

    /// <summary>Waits while the client is slow: the server is then not read, and its own output stops.</summary>
    public async ValueTask AddAsync(JsonRpcMessage message)
    {
        _begun.TrySetResult();
        try
        {
            await _queue.Writer.WriteAsync(message);
        }
        catch (ChannelClosedException)
        {
            // The client left while the message waited.
        }
    }

    public void Complete()
    {
        _queue.Writer.TryComplete();
        _begun.TrySetResult();
    }

    public void Fail(McpUpstreamException error)
    {
        _queue.Writer.TryComplete(error);
        _begun.TrySetResult();
    }

    public override async ValueTask<bool> ReadAsync(CancellationToken cancellationToken)
    {
        // Throws what Fail gave once the messages before it were read.
        if (!await _queue.Reader.WaitToReadAsync(cancellationToken) || !_queue.Reader.TryRead(out var message))
        {
            return false;
        }

        Current = message;
        return true;
    }

    public override ValueTask DisposeAsync()
    {
        owner.Forget(this);
        Complete();
        return ValueTask.CompletedTask;
    }
}
