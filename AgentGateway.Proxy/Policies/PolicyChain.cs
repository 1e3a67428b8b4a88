using AgentGateway.Proxy.Requests;

namespace AgentGateway.Proxy.Policies;

/// <summary>Compiles the policies of one place into arrays in the order of the policy table, and runs them.</summary>
internal static class PolicyChain
{
    /// <summary>Makes the handlers of a stage, in order. Empty for a place without policies, which then pays nothing.</summary>
    /// <typeparam name="THandler">What a handler of the stage implements.</typeparam>
    public static THandler[] Compile<THandler>(IReadOnlyCollection<object> policies, PolicyScope scope)
        where THandler : class
    {
        if (policies.Count == 0)
        {
            return [];
        }

        var handlers = new List<THandler>();
        foreach (var step in PolicyOrder.Steps)
        {
            if (step.Stage != scope.Stage)
            {
                continue;
            }

            foreach (var policy in policies)
            {
                if (step.Create(policy, scope) is THandler handler)
                {
                    handlers.Add(handler);
                }
            }
        }

        return [.. handlers];
    }

    /// <summary>Runs request policies until one replies; stays synchronous while they do.</summary>
    public static ValueTask<GatewayReply?> RunAsync(IRequestPolicy[] policies, RequestContext context)
    {
        for (var i = 0; i < policies.Length; i++)
        {
            var step = policies[i].ApplyAsync(context);
            if (!step.IsCompletedSuccessfully)
            {
                return ContinueAsync(step, policies, i, context);
            }

            if (step.Result is { } reply)
            {
                return new(reply);
            }
        }

        return default;
    }

    private static async ValueTask<GatewayReply?> ContinueAsync(ValueTask<GatewayReply?> pending, IRequestPolicy[] policies, int index, RequestContext context)
    {
        var reply = await pending;
        while (reply is null && ++index < policies.Length)
        {
            reply = await policies[index].ApplyAsync(context);
        }

        return reply;
    }
}
