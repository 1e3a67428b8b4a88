namespace AgentGateway.Configuration.Snapshot.Policies;

/// <summary>
/// Allows or denies requests by rules. <c>deny</c> wins, then every <c>require</c> must hold, then one <c>allow</c> if there are any.
/// Rules of all levels add up.
/// </summary>
public sealed record AuthorizationPolicy : PolicySnapshot
{
    /// <summary>Rules; a plain expression is an <c>allow</c> rule.</summary>
    public required EquatableArray<AuthorizationRule> Rules { get; init; }

    /// <inheritdoc/>
    public override PolicySnapshot Over(PolicySnapshot lower) => this with { Rules = [.. ((AuthorizationPolicy)lower).Rules, .. Rules] };
}
