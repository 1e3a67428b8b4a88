namespace AgentGateway.Configuration.Snapshot.Policies;

/// <summary>Tries another backend after a failure. Bodies are replayed up to 64 KiB.</summary>
public sealed record RetryPolicy : PolicySnapshot
{

    /// <summary>Further attempts after the first.</summary>
    public int Attempts { get; init; } = 1;

    /// <summary>Pause before each further attempt.</summary>
    public TimeSpan? Backoff { get; init; }

    /// <summary>Statuses that are tried again.</summary>
    public required EquatableArray<int> Codes { get; init; }

    /// <summary>Condition on the request for any retry.</summary>
    public Expression? Precondition { get; init; }

    /// <summary>Condition on the response for a retry.</summary>
    public Expression? Condition { get; init; }

}
