namespace AgentGateway.Configuration.Snapshot.Policies;

/// <summary>Changes headers of the response.</summary>
/// <param name="Headers">The changes.</param>
public sealed record ResponseHeaderModifier(HeaderModifier Headers) : PolicySnapshot;
