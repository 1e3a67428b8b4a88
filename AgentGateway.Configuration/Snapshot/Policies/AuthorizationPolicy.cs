using AgentGateway.Configuration.Reading;

namespace AgentGateway.Configuration.Snapshot.Policies;

/// <summary>Allows or denies requests by rules. <c>deny</c> wins, then every <c>require</c> must hold, then one <c>allow</c> if there are any.</summary>
public sealed record AuthorizationPolicy : PolicySnapshot
{
    internal static Shape<AuthorizationPolicy> Shape { get; } = Shapes.Object("AuthorizationPolicy", "Allows or denies requests by rules. `deny` wins, then every `require` must hold, then one `allow` if there are any.", Read);

    /// <summary>Rules; a plain expression is an <c>allow</c> rule.</summary>
    public required EquatableArray<AuthorizationRule> Rules { get; init; }

    private static AuthorizationPolicy Read(ObjectReader r) => new()
    {
        Rules = r.Required("rules", Shapes.List(AuthorizationRule.Shape), "Rules; a plain expression is an `allow` rule."),
    };

    /// <summary>Rules of all levels apply, those of the lower level first.</summary>
    public override PolicySnapshot Over(PolicySnapshot lower) =>
        lower is AuthorizationPolicy other ? new AuthorizationPolicy { Rules = [.. other.Rules, .. Rules] } : this;
}
