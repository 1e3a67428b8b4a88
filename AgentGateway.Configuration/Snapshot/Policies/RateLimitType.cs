namespace AgentGateway.Configuration.Snapshot.Policies;

/// <summary>What a rate limit counts.</summary>
public enum RateLimitType
{
    /// <summary>Each request counts one.</summary>
    Requests,

    /// <summary>LLM tokens count, after the call.</summary>
    Tokens,
}
