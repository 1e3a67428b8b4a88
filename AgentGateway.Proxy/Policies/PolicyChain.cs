using AgentGateway.Configuration;
using AgentGateway.Configuration.Snapshot.Policies;
using AgentGateway.Proxy.Requests;

namespace AgentGateway.Proxy.Policies;

/// <summary>Compiles the policies of one place into arrays in the order of the policy table, and runs them.</summary>
internal static class PolicyChain
{
    /// <summary>Makes the handlers of a stage, in order. Empty for a place without policies, which then pays nothing.</summary>
    /// <typeparam name="THandler">What a handler of the stage implements.</typeparam>
    /// <exception cref="PolicySettingsException">The settings of a policy cannot be used.</exception>
    public static THandler[] Compile<THandler>(EquatableArray<PolicySnapshot> policies, PolicyScope scope)
        where THandler : class
    {
        if (policies.IsEmpty)
        {
            return [];
        }

        var handlers = new List<THandler>();
        foreach (var step in PolicyOrder.StepsOf(scope.Stage))
        {
            foreach (var policy in policies)
            {
                if (policy.Kind == step.Kind && Create(step, policy, scope) is THandler handler)
                {
                    handlers.Add(handler);
                }
            }
        }

        return [.. handlers];
    }

    // What only shows when a handler is made (keys that do not parse, secrets that are missing) refuses the configuration and names the place.
    private static object? Create(PolicyStep step, PolicySnapshot policy, PolicyScope scope)
    {
        try
        {
            return step.Create(policy, scope);
        }
        catch (Exception error) when (error is FormatException or NotSupportedException)
        {
            throw new PolicySettingsException(scope.OwnerKey, error.Message, error);
        }
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
