namespace AgentGateway.Configuration.Snapshot.Policies;

/// <summary>Token buckets of which each must let a request pass (configuration key <c>localRateLimit</c>).</summary>
/// <param name="Limits">The buckets.</param>
public sealed record LocalRateLimits(EquatableArray<LocalRateLimit> Limits) : PolicySnapshot;
