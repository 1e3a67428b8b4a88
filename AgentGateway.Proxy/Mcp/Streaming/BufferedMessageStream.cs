namespace AgentGateway.Proxy.Mcp.Streaming;

/// <summary>Messages that were read already.</summary>
internal sealed class BufferedMessageStream(List<byte[]> messages) : MessageStream
{
    private int _next;

    public override ValueTask<bool> ReadAsync(CancellationToken cancellationToken)
    {
        if (_next == messages.Count)
        {
            return new(false);
        }

        Current.Read(messages[_next++]);
        return new(true);
    }

    public override ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
