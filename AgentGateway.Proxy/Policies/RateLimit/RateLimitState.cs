using System.Globalization;
using AgentGateway.Proxy.Requests;

namespace AgentGateway.Proxy.Policies.RateLimit;

/// <summary>How a limit stands after a request: the values of the <c>x-ratelimit-*</c> headers.</summary>
/// <param name="Limit">Size of the bucket.</param>
/// <param name="Remaining">Tokens left.</param>
/// <param name="ResetSeconds">Seconds until the next tokens come, rounded up.</param>
internal readonly record struct RateLimitState(long Limit, long Remaining, long ResetSeconds)
{
    /// <summary>Has every response of the request say how the limit stands.</summary>
    public void OweTo(RequestContext context)
    {
        context.Owe("x-ratelimit-limit", Limit.ToString(CultureInfo.InvariantCulture));
        context.Owe("x-ratelimit-remaining", Remaining.ToString(CultureInfo.InvariantCulture));
        context.Owe("x-ratelimit-reset", ResetSeconds.ToString(CultureInfo.InvariantCulture));
    }
}
