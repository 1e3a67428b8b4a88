namespace AgentGateway.Configuration.Snapshot.Policies;

/// <summary>One set of entries that is counted.</summary>
public sealed record RateLimitDescriptor
{
    /// <summary>Entries; a descriptor whose expression fails is dropped.</summary>
    public required EquatableArray<RateLimitEntry> Entries { get; init; }

    /// <summary>What is counted.</summary>
    public RateLimitType Type { get; init; }

    /// <summary>What one request counts; 1 by default.</summary>
    public Expression? Cost { get; init; }

    /// <summary>Limit that replaces the service's own.</summary>
    public Expression? LimitOverride { get; init; }
}
