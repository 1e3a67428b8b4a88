namespace AgentGateway.Proxy.Backends.Health;

/// <summary>When an endpoint is taken out of rotation (backend policy <c>health.eviction</c>).</summary>
internal sealed record EvictionSettings
{
    /// <summary>Time of the first eviction; the n-th lasts n times as long. 3 seconds by default.</summary>
    public TimeSpan Duration { get; init; } = TimeSpan.FromSeconds(3);

    /// <summary>Failures in a row that evict; null leaves it to <see cref="HealthThreshold"/>, and without that the first failure evicts.</summary>
    public int? ConsecutiveFailures { get; init; }

    /// <summary>Health, a moving average of 1 for a success and 0 for a failure, below which an endpoint is evicted.</summary>
    public double? HealthThreshold { get; init; }

    /// <summary>Health after an eviction has ended; 1 by default.</summary>
    public double RestoreHealth { get; init; } = 1;
}
