namespace AgentGateway.Configuration.Snapshot.Policies;

/// <summary>One rule of an authorization.</summary>
/// <param name="Kind">What the rule does when its condition holds.</param>
/// <param name="Condition">Condition; an evaluation error counts as false.</param>
public sealed record AuthorizationRule(AuthorizationRuleKind Kind, Expression Condition);

/// <summary>What a rule does when its condition holds.</summary>
public enum AuthorizationRuleKind
{
    /// <summary>Allows.</summary>
    Allow,

    /// <summary>Denies, whatever else holds.</summary>
    Deny,

    /// <summary>Denies when the condition does not hold.</summary>
    Require,
}
