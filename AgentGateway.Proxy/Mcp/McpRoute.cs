using AgentGateway.Proxy.Mcp.Messages;
using AgentGateway.Proxy.Requests;

namespace AgentGateway.Proxy.Mcp;

/// <summary>Where a request of a client goes.</summary>
/// <param name="Target">Place of the target among those of the backend.</param>
/// <param name="Name">Name, address or task id as the target knows it.</param>
internal readonly record struct McpRoute(int Target, string? Name)
{
    /// <summary>Set when there is no such target; nothing else counts then.</summary>
    public GatewayReply? Refusal { get; init; }

    /// <summary>True when the client's name carries the target's, which the target must not see.</summary>
    public bool IsPrefixed { get; init; }

    public static McpRoute Refused(GatewayReply refusal) => new(-1, null) { Refusal = refusal };

    /// <summary>The edits that make the client's message the target's.</summary>
    public JsonEdits Edits(JsonRpcMessage message)
    {
        var edits = new JsonEdits();
        if (IsPrefixed)
        {
            McpNaming.TrySplit(message, edits, out _, out _, out _);
        }

        return edits;
    }
}
