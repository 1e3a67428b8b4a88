namespace AgentGateway.Configuration.Snapshot.Policies;

/// <summary>Changes headers of the request.</summary>
/// <param name="Headers">The changes.</param>
public sealed record RequestHeaderModifier(HeaderModifier Headers) : PolicySnapshot;
