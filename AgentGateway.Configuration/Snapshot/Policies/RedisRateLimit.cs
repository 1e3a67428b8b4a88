using AgentGateway.Configuration.Reading;

namespace AgentGateway.Configuration.Snapshot.Policies;

/// <summary>A Redis server that keeps the counters which replicas share (an addition of this gateway).</summary>
public sealed record RedisRateLimit
{
    internal static Shape<RedisRateLimit> Shape { get; } = Shapes.Object("RedisRateLimit", "A Redis server that keeps the counters which replicas share (an addition of this gateway).", Read);

    /// <summary>Address of the server.</summary>
    public required Secret Url { get; init; }

    /// <summary>Most requests (or tokens) in an interval.</summary>
    public required long Requests { get; init; }

    /// <summary>Length of an interval.</summary>
    public required TimeSpan Interval { get; init; }

    private static RedisRateLimit Read(ObjectReader r) => new()
    {
        Url = r.Required("url", ValueShapes.RedisUrl, "Address of the server.", "redis://localhost:6379"),
        Requests = r.Required("requests", Shapes.Long(1, 9007199254740991, "100"), "Most requests (or tokens) in an interval."),
        Interval = r.Required("interval", Shapes.PositiveDuration, "Length of an interval.", "1m"),
    };
}
