using AgentGateway.Proxy.Mcp.Streaming;
using AgentGateway.Proxy.Requests;

namespace AgentGateway.Proxy.Mcp.Upstreams;

/// <summary>What an upstream did with a message: accepted it, answers it with messages, or refused it.</summary>
internal readonly struct UpstreamReply
{
    private UpstreamReply(GatewayReply? failure, MessageStream? messages, bool isSingleJson)
    {
        Failure = failure;
        Messages = messages;
        IsSingleJson = isSingleJson;
    }

    /// <summary>Taken, and nothing will come back.</summary>
    public static UpstreamReply Accepted => default;

    /// <summary>Status, headers and body of the upstream's refusal, for the client.</summary>
    public GatewayReply? Failure { get; }

    public MessageStream? Messages { get; }

    /// <summary>True when the upstream answered with one JSON body and no event stream.</summary>
    public bool IsSingleJson { get; }

    public static UpstreamReply Refused(GatewayReply failure) => new(failure, null, false);

    public static UpstreamReply Answered(MessageStream messages, bool isSingleJson = false) => new(null, messages, isSingleJson);
}
