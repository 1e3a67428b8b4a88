using AgentGateway.Proxy.Requests;

namespace AgentGateway.Proxy.Policies.RateLimit;

/// <summary>The limits of one request that count LLM tokens (<c>type: tokens</c>). The number is known only after the call.</summary>
internal sealed class TokenLimits(Limiter limiter, int[] limits, string?[] keys)
{
    /// <summary>Before the call: 429 when a bucket is empty. Takes <paramref name="tokens"/> that are known already; 0 only asks.</summary>
    public GatewayReply? TryBegin(RequestContext context, long tokens)
    {
        var passes = limiter.TryTake(limits, keys, tokens, out var state);
        state.OweTo(context);
        return passes ? null : GatewayReply.RateLimitExceeded;
    }

    /// <summary>After the call: takes what was not taken before. Buckets may go below zero.</summary>
    public void Charge(long tokens) => limiter.Charge(limits, keys, tokens);
}
