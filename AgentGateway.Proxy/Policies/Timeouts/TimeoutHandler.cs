using AgentGateway.Proxy.Requests;

namespace AgentGateway.Proxy.Policies.Timeouts;

/// <summary>Policy <c>timeout</c>, <c>requestTimeout</c>: limits the time to the head of the response, policies and all attempts included.</summary>
internal sealed class TimeoutHandler(TimeSpan limit) : IRequestPolicy
{
    public ValueTask<GatewayReply?> ApplyAsync(RequestContext context)
    {
        context.StartDeadline(TimeLimit.Of(limit));
        return default;
    }
}
