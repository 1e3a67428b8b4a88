using AgentGateway.Proxy.Mcp.Streaming;

namespace AgentGateway.Proxy.Mcp.Upstreams;

/// <summary>One message: the JSON body of an upstream's answer.</summary>
internal sealed class SingleMessageStream : MessageStream
{
    private bool _taken;

    public SingleMessageStream(ReadOnlyMemory<byte> json) => Current.Read(json);

    public override ValueTask<bool> ReadAsync(CancellationToken cancellationToken)
    {
        var first = !_taken;
        _taken = true;
        return new ValueTask<bool>(first);
    }

    public override ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
