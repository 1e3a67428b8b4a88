using AgentGateway.Proxy.Requests;

namespace AgentGateway.Proxy.Policies.Conditionals;

/// <summary>
/// A policy with conditions: the first entry whose condition holds acts, its response side included; none when no condition holds.
/// A condition that fails does not hold.
/// </summary>
internal sealed class ConditionalHandler(IReadOnlyList<(PolicyExpression? Condition, IRequestPolicy? Policy)> entries) : IRequestPolicy
{
    public bool NeedsRequestBody => entries.Any(entry => entry.Condition is { ReadsRequestBody: true });

    public ValueTask<GatewayReply?> ApplyAsync(RequestContext context)
    {
        foreach (var (condition, policy) in entries)
        {
            if (condition is null || condition.IsTrue(context))
            {
                return policy?.ApplyAsync(context) ?? default;
            }
        }

        return default;
    }
}
