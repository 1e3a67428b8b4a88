using AgentGateway.Configuration.Snapshot;
using AgentGateway.Proxy.Mcp.Federation;
using AgentGateway.Proxy.Requests;

namespace AgentGateway.Proxy.Mcp.Upstreams;

/// <summary>The connection of one session to one target.</summary>
internal abstract class McpUpstream(McpTargetSnapshot target) : IAsyncDisposable
{
    public McpTargetSnapshot Target { get; } = target;

    /// <summary>Address of the server for logs; null when it has none.</summary>
    public virtual string? Address => null;

    /// <summary>True when <see cref="SessionId"/> is all that is needed to go on after a restart of the gateway.</summary>
    public abstract bool IsResumable { get; }

    /// <summary>Session identifier that the upstream gave, null when it keeps no session.</summary>
    public string? SessionId { get; protected set; }

    /// <summary>What the server said of itself, once it was asked on behalf of several targets; null when that is not known.</summary>
    public ServerFacts? Server { get; set; }

    /// <summary>True when the upstream is gone for good (its process ended).</summary>
    public abstract bool IsClosed { get; }

    /// <summary>Sends a message.</summary>
    /// <exception cref="McpUpstreamException">The upstream cannot be reached.</exception>
    public abstract ValueTask<UpstreamReply> SendAsync(UpstreamCall call, CancellationToken cancellationToken);

    /// <summary>Opens the stream of messages that belong to no request.</summary>
    /// <exception cref="McpUpstreamException">The upstream cannot be reached.</exception>
    public abstract ValueTask<UpstreamReply> OpenEventsAsync(RequestContext context, CancellationToken cancellationToken);

    /// <summary>Ends the connection, and with <paramref name="endSession"/> the upstream's session too. Never throws, ends within a bound.</summary>
    /// <param name="context">The client's DELETE, whose headers are forwarded; null when the gateway acts on its own.</param>
    /// <param name="endSession">False leaves a resumable session alive, so that the client can go on after a restart.</param>
    public abstract ValueTask CloseAsync(RequestContext? context, bool endSession);

    public ValueTask DisposeAsync() => CloseAsync(null, endSession: !IsResumable);
}
