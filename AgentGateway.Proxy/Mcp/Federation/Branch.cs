using AgentGateway.Configuration.Snapshot;
using AgentGateway.Proxy.Mcp.Streaming;
using AgentGateway.Proxy.Mcp.Upstreams;
using AgentGateway.Proxy.Telemetry;

namespace AgentGateway.Proxy.Mcp.Federation;

/// <summary>One target's part in a message that goes to several.</summary>
internal sealed class Branch(McpTargetSnapshot target, int position)
{
    public McpTargetSnapshot Target { get; } = target;

    /// <summary>Place among the targets that are asked; results stand in this order.</summary>
    public int Position { get; } = position;

    /// <summary>Connection, once there is one.</summary>
    public McpUpstream? Upstream { get; set; }

    public OutboundSpan? Span { get; init; }

    /// <summary>What the target sends about the message; null until it began to.</summary>
    public MessageStream? Messages { get; set; }

    /// <summary>The read under way.</summary>
    public Task<bool>? Reading { get; set; }

    /// <summary>True once nothing more is expected of the target.</summary>
    public bool IsDone { get; set; }

    /// <summary>Why the target could not do its part.</summary>
    public McpUpstreamException? Failure { get; set; }

    /// <summary>Error with which the target answered, as it came.</summary>
    public byte[]? Error { get; set; }

    /// <summary>Revision that messages to the target state instead of the client's.</summary>
    public string? Version { get; set; }

    /// <summary>Cursor of the page that was asked for last, as JSON text; empty for the first.</summary>
    public ReadOnlyMemory<byte> Cursor { get; set; }

    /// <summary>Pages of a list that were asked for.</summary>
    public int Pages { get; set; } = 1;

    /// <summary>False when the server said that it does not offer what is asked; null when it is not known.</summary>
    public bool? IsOffered { get; set; }

    /// <summary>Bound of time of its own, when it has one.</summary>
    public CancellationTokenSource? Deadline { get; set; }

    /// <summary>The time in it.</summary>
    public CancellationTokenSource? Timeout { get; set; }

    public void Fail(McpUpstreamException failure)
    {
        Failure = failure;
        IsDone = true;
        Span?.Fail(nameof(ResponseReason.UpstreamFailure), failure.Message);
        Span?.End();
    }

    public void End()
    {
        IsDone = true;
        Span?.End();
    }
}
