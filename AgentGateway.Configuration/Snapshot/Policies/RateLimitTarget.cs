using AgentGateway.Configuration.Reading;

namespace AgentGateway.Configuration.Snapshot.Policies;

/// <summary>Where shared rate limits are counted. One of the two is set.</summary>
/// <param name="Service">A rate limit service.</param>
/// <param name="Redis">A Redis server.</param>
public sealed record RateLimitTarget(BackendReference? Service, RedisRateLimit? Redis)
{
    /// <summary>Reads the keys among others of the policy.</summary>
    internal static RateLimitTarget ReadInline(ObjectReader r)
    {
        var redis = r.Optional("redis", RedisRateLimit.Shape, "A Redis server that keeps the counters, instead of a service (an addition of this gateway).");
        var service = BackendReference.ReadInline(r, "redis");
        return redis is null ? new RateLimitTarget(service, null) : new RateLimitTarget(null, redis);
    }
}
