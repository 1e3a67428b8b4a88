namespace AgentGateway.Configuration.Snapshot.Policies;

/// <summary>Waits before the request goes upstream: fault injection.</summary>
/// <param name="Duration">Fixed time, or null when <paramref name="Expression"/> gives it.</param>
/// <param name="Expression">Gives a duration or a number of milliseconds; zero or less waits not at all.</param>
public sealed record DelayPolicy(TimeSpan? Duration, Expression? Expression) : PolicySnapshot
{

}
