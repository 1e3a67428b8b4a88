namespace AgentGateway.Configuration.Snapshot.Policies;

/// <summary>A Redis server that keeps the counters which replicas share (an addition of this gateway).</summary>
public sealed record RedisRateLimit
{
    /// <summary>Address of the server.</summary>
    public required Secret Url { get; init; }

    /// <summary>Most requests (or tokens) in an interval.</summary>
    public required long Requests { get; init; }

    /// <summary>Length of an interval.</summary>
    public required TimeSpan Interval { get; init; }
}
