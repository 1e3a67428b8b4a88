namespace AgentGateway.Configuration.Snapshot.Policies;

/// <summary>A token bucket that starts full.</summary>
public sealed record LocalRateLimit
{

    /// <summary>Size of the bucket; at least <c>tokensPerFill</c>.</summary>
    public long MaxTokens { get; init; }

    /// <summary>Tokens added at each fill.</summary>
    public long TokensPerFill { get; init; }

    /// <summary>Time between fills.</summary>
    public required TimeSpan FillInterval { get; init; }

    /// <summary>What is counted.</summary>
    public RateLimitType Type { get; init; }

    /// <summary>A bucket for each value of this expression instead of one for all (an addition of this gateway).</summary>
    public Expression? Key { get; init; }

}
