using AgentGateway.Configuration.Snapshot.Policies;

namespace AgentGateway.Proxy.Policies;

/// <summary>A line of the policy table: a kind of policy and who handles it at one stage.</summary>
/// <param name="Stage">When the policy acts.</param>
/// <param name="Kind">Record type of its settings.</param>
/// <param name="Create">Makes the handler, null when these settings leave nothing to do.</param>
internal sealed record PolicyStep(PolicyStage Stage, Type Kind, Func<PolicySnapshot, PolicyScope, object?> Create)
{
    /// <summary>A step of the gateway phase.</summary>
    public static PolicyStep Gateway<TPolicy>(Func<TPolicy, PolicyScope, IRequestPolicy?> create)
        where TPolicy : PolicySnapshot =>
        new(PolicyStage.Gateway, typeof(TPolicy), (policy, scope) => create((TPolicy)policy, scope));

    /// <summary>A step of the route phase.</summary>
    public static PolicyStep Route<TPolicy>(Func<TPolicy, PolicyScope, IRequestPolicy?> create)
        where TPolicy : PolicySnapshot =>
        new(PolicyStage.Route, typeof(TPolicy), (policy, scope) => create((TPolicy)policy, scope));
}
