namespace AgentGateway.Configuration.Snapshot.Policies;

/// <summary>Allows or denies requests by rules. <c>deny</c> wins, then every <c>require</c> must hold, then one <c>allow</c> if there are any.</summary>
public sealed record AuthorizationPolicy : PolicySnapshot
{
    /// <summary>Rules; a plain expression is an <c>allow</c> rule.</summary>
    public required EquatableArray<AuthorizationRule> Rules { get; init; }
}
