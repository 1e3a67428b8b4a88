using AgentGateway.Configuration.Snapshot.Policies;
using AgentGateway.Proxy.Backends.Forwarding;
using AgentGateway.Proxy.Policies.Conditionals;

namespace AgentGateway.Proxy.Policies;

/// <summary>A line of the policy table: a kind of policy and who handles it at one stage.</summary>
internal sealed class PolicyStep
{
    private readonly Func<object, PolicyScope, object?> _create;

    private PolicyStep(PolicyStage stage, Type kind, Func<object, PolicyScope, object?> create)
    {
        Stage = stage;
        Kind = kind;
        _create = create;
    }

    /// <summary>When the policy acts.</summary>
    public PolicyStage Stage { get; }

    /// <summary>Record type of its settings.</summary>
    public Type Kind { get; }

    /// <summary>A step of the gateway phase.</summary>
    public static PolicyStep Gateway<TPolicy>(Func<TPolicy, PolicyScope, IRequestPolicy?> create)
        where TPolicy : class =>
        Request(PolicyStage.Gateway, create);

    /// <summary>A step of the route phase.</summary>
    public static PolicyStep Route<TPolicy>(Func<TPolicy, PolicyScope, IRequestPolicy?> create)
        where TPolicy : class =>
        Request(PolicyStage.Route, create);

    /// <summary>A step of the backend phase, which runs for each attempt.</summary>
    public static PolicyStep Backend<TPolicy>(Func<TPolicy, PolicyScope, IBackendPolicy?> create)
        where TPolicy : class =>
        new(PolicyStage.Backend, typeof(TPolicy), (policy, scope) => policy is TPolicy settings ? create(settings, scope) : null);

    /// <summary>Makes the handler of a policy; null when the policy is of another kind, or leaves nothing to do.</summary>
    public object? Create(object policy, PolicyScope scope) => _create(policy, scope);

    private static PolicyStep Request<TPolicy>(PolicyStage stage, Func<TPolicy, PolicyScope, IRequestPolicy?> create)
        where TPolicy : class =>
        new(stage, typeof(TPolicy), (policy, scope) => policy switch
        {
            TPolicy settings => BodyFirstPolicy.Around(create(settings, scope)),
            Conditional<TPolicy> choices => BodyFirstPolicy.Around(new ConditionalHandler(
                [.. choices.Entries.Select((entry, i) => (PolicyExpression.Of(entry.Condition), BodyFirstPolicy.Around(create(entry.Policy, scope with { Entry = i }))))])),
            _ => null,
        });
}
