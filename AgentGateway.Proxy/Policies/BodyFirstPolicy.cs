using AgentGateway.Proxy.Requests;

namespace AgentGateway.Proxy.Policies;

/// <summary>Keeps the body of the request before the turn of a policy that reads it.</summary>
internal sealed class BodyFirstPolicy(IRequestPolicy policy) : IRequestPolicy
{
    /// <summary>The policy, behind this where it needs the body; null for none.</summary>
    public static IRequestPolicy? Around(IRequestPolicy? policy) => policy is { NeedsRequestBody: true } ? new BodyFirstPolicy(policy) : policy;

    public async ValueTask<GatewayReply?> ApplyAsync(RequestContext context)
    {
        await context.BufferRequestBodyAsync();
        return await policy.ApplyAsync(context);
    }
}
