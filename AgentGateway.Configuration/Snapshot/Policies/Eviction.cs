using AgentGateway.Configuration.Reading;

namespace AgentGateway.Configuration.Snapshot.Policies;

/// <summary>When and for how long an endpoint is taken out of use.</summary>
public sealed record Eviction
{
    internal static Shape<Eviction> Shape { get; } = Shapes.Object("Eviction", "When and for how long an endpoint is taken out of use.", Read);

    /// <summary>Time out of use, times the number of evictions so far; 3s by default.</summary>
    public TimeSpan? Duration { get; init; }

    /// <summary>Health after the return.</summary>
    public double? RestoreHealth { get; init; }

    /// <summary>Failures in a row that evict.</summary>
    public int? ConsecutiveFailures { get; init; }

    /// <summary>Health below which failures evict.</summary>
    public double? HealthThreshold { get; init; }

    private static Eviction Read(ObjectReader r) => new()
    {
        Duration = r.OptionalValue("duration", Shapes.PositiveDuration, "Time out of use, times the number of evictions so far; 3s by default.", "3s"),
        RestoreHealth = r.OptionalValue("restoreHealth", Shapes.Number(0, 1, "0.5"), "Health after the return."),
        ConsecutiveFailures = r.OptionalValue("consecutiveFailures", Shapes.Int(1, 1000000, "5"), "Failures in a row that evict."),
        HealthThreshold = r.OptionalValue("healthThreshold", Shapes.Number(0, 1, "0.5"), "Health below which failures evict."),
    };
}
