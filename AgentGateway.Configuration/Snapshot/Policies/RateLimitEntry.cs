namespace AgentGateway.Configuration.Snapshot.Policies;

/// <summary>One entry of a descriptor.</summary>
public sealed record RateLimitEntry
{
    /// <summary>Name of the entry.</summary>
    public required string Key { get; init; }

    /// <summary>Expression that gives its value.</summary>
    public required Expression Value { get; init; }
}
