using AgentGateway.Proxy.Requests;

namespace AgentGateway.Proxy.Mcp;

/// <summary>An upstream server could not be started or reached, or broke off. The message is meant for the client and holds no secrets.</summary>
internal sealed class McpUpstreamException : Exception
{
    public McpUpstreamException()
    {
    }

    public McpUpstreamException(string message)
        : base(message)
    {
    }

    public McpUpstreamException(string message, Exception inner)
        : base(message, inner)
    {
    }

    /// <summary>True when the server never came up, so that there is nothing to retry against.</summary>
    public bool IsStartFailure { get; init; }

    /// <summary>The answer of an upstream that refused; the client gets it as it is while its own response has not begun.</summary>
    public GatewayReply? Refusal { get; init; }
}
