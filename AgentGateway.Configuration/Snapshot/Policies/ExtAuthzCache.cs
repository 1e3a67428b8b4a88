namespace AgentGateway.Configuration.Snapshot.Policies;

/// <summary>Keeps answers of the service.</summary>
public sealed record ExtAuthzCache
{
    /// <summary>Expressions that together are the key.</summary>
    public required EquatableArray<Expression> Key { get; init; }

    /// <summary>Expression that gives a duration or seconds.</summary>
    public required Expression Ttl { get; init; }

    /// <summary>Most answers kept.</summary>
    public int MaxEntries { get; init; } = 10000;
}
