namespace AgentGateway.Configuration.Snapshot.Policies;

/// <summary>
/// Settings of one policy. One sealed record for each kind, with value equality: runtime state (rate limit buckets, key sets) survives a reload
/// that left the settings as they were.
/// </summary>
public abstract record PolicySnapshot
{
    /// <summary>What tells policies apart: one set holds at most one policy of a kind. The record's own type, except for a conditional list, which has the kind of its entries.</summary>
    public virtual Type Kind => GetType();

    /// <summary>True for policies that decide whether a call may be made: whoever writes one relies on it, conditional or not.</summary>
    public bool IsGuard => Kind == typeof(AuthorizationPolicy) || Kind == typeof(ExtAuthz);

    /// <summary>
    /// The policy that applies when this one is set on a more specific level than <paramref name="lower"/>, which has the same kind.
    /// The more specific one replaces the other as a whole, unless its rules add up over levels (authorization).
    /// </summary>
    public virtual PolicySnapshot Over(PolicySnapshot lower) => this;
}
