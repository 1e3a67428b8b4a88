using AgentGateway.Configuration.Snapshot.Policies;
using AgentGateway.Proxy.Requests;

namespace AgentGateway.Proxy.Policies.Retries;

/// <summary>
/// Policy <c>retry</c>, its part of the route phase: decides once, before transformations change the request, whether it may be sent again, and
/// keeps the body where a condition reads it. The attempts themselves are the forwarder's.
/// </summary>
internal sealed class RetryPreconditionHandler : IRequestPolicy
{
    private readonly PolicyExpression? _precondition;

    private RetryPreconditionHandler(PolicyExpression? precondition, bool readsBody)
    {
        _precondition = precondition;
        NeedsRequestBody = readsBody;
    }

    /// <summary>Makes the handler; null when there is nothing to decide.</summary>
    public static RetryPreconditionHandler? Create(RetryPolicy policy, PolicyScope scope)
    {
        var precondition = PolicyExpression.Of(policy.Precondition);
        var readsBody = precondition is { ReadsRequestBody: true } || PolicyExpression.Of(policy.Condition) is { ReadsRequestBody: true };
        return precondition is null && !readsBody ? null : new RetryPreconditionHandler(precondition, readsBody);
    }

    public bool NeedsRequestBody { get; }

    public ValueTask<GatewayReply?> ApplyAsync(RequestContext context)
    {
        context.MayRetry = _precondition?.IsTrue(context) ?? true;
        return default;
    }
}
