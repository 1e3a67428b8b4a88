using AgentGateway.Proxy.Mcp.Messages;

namespace AgentGateway.Proxy.Mcp.Streaming;

/// <summary>Messages of an upstream server in the order in which it sent them.</summary>
internal abstract class MessageStream : IAsyncDisposable
{
    /// <summary>The message that the last read delivered, valid until the next read.</summary>
    public JsonRpcMessage Current { get; protected set; } = new();

    /// <summary>Reads the next message; false at the end.</summary>
    /// <exception cref="McpUpstreamException">The server failed; the message is meant for the client.</exception>
    public abstract ValueTask<bool> ReadAsync(CancellationToken cancellationToken);

    public abstract ValueTask DisposeAsync();
}
