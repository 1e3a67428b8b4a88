namespace AgentGateway.Configuration.Snapshot.Policies;

/// <summary>Keeps tokens.</summary>
public sealed record TokenCache
{
    /// <summary>Most tokens kept.</summary>
    public int? MaxEntries { get; init; }

    /// <summary>Time that a token without expiry is kept.</summary>
    public TimeSpan? DefaultTtl { get; init; }
}
