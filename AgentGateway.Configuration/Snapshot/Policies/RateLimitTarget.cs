namespace AgentGateway.Configuration.Snapshot.Policies;

/// <summary>Where shared rate limits are counted. One of the two is set.</summary>
/// <param name="Service">A rate limit service.</param>
/// <param name="Redis">A Redis server.</param>
public sealed record RateLimitTarget(BackendReference? Service, RedisRateLimit? Redis);
