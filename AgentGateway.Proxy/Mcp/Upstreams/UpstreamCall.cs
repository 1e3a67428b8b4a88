using AgentGateway.Proxy.Mcp.Messages;
using AgentGateway.Proxy.Requests;

namespace AgentGateway.Proxy.Mcp.Upstreams;

/// <summary>One message on its way to one upstream server.</summary>
internal sealed class UpstreamCall
{
    /// <summary>The client's request, whose headers are forwarded; null when the gateway acts on its own.</summary>
    public RequestContext? Context { get; init; }

    /// <summary>The message as the client sent it (identifier, method, progress token).</summary>
    public required JsonRpcMessage Message { get; init; }

    /// <summary>The text to send: the client's, with edits.</summary>
    public required ReadOnlyMemory<byte> Json { get; init; }

    /// <summary>Name of the tool or prompt, or address of the resource, as the upstream knows it.</summary>
    public string? TargetName { get; init; }

    public UpstreamTrace Trace { get; init; }

    /// <summary>Protocol revision to state instead of the client's.</summary>
    public string? ProtocolVersion { get; init; }
}
