using AgentGateway.Configuration.Reading;

namespace AgentGateway.Configuration.Snapshot.Policies;

/// <summary>Keeps tokens.</summary>
public sealed record TokenCache
{
    internal static Shape<TokenCache> Shape { get; } = Shapes.Object("TokenCache", "Keeps tokens.", Read);

    /// <summary>Most tokens kept.</summary>
    public int? MaxEntries { get; init; }

    /// <summary>Time that a token without expiry is kept.</summary>
    public TimeSpan? DefaultTtl { get; init; }

    private static TokenCache Read(ObjectReader r) => new()
    {
        MaxEntries = r.OptionalValue("maxEntries", Shapes.Int(0, 10000000, "1"), "Most tokens kept."),
        DefaultTtl = r.OptionalValue("defaultTtl", Shapes.Duration, "Time that a token without expiry is kept."),
    };
}
