using AgentGateway.Configuration.Reading;

namespace AgentGateway.Configuration.Snapshot.Policies;

/// <summary>Token buckets of which each must let a request pass (configuration key <c>localRateLimit</c>).</summary>
/// <param name="Limits">The buckets.</param>
public sealed record LocalRateLimits(EquatableArray<LocalRateLimit> Limits) : PolicySnapshot
{
    internal static Shape<PolicySnapshot> Shape { get; } = Shapes.ByKind(
        list: Shapes.List(LocalRateLimit.Shape).As(static limits => (PolicySnapshot)new LocalRateLimits(limits)),
        mapping: LocalRateLimit.ChoicesShape.As(static choices => (PolicySnapshot)new Conditional<LocalRateLimits>(
            [.. choices.Entries.Select(static e => new ConditionalEntry<LocalRateLimits>(e.Condition, new LocalRateLimits([e.Policy])))])));
}
