using AgentGateway.Configuration.Reading;

namespace AgentGateway.Configuration.Snapshot.Policies;

/// <summary>One rule of an authorization.</summary>
/// <param name="Kind">What the rule does when its condition holds.</param>
/// <param name="Condition">Condition; an evaluation error counts as false.</param>
public sealed record AuthorizationRule(AuthorizationRuleKind Kind, Expression Condition)
{
    internal static Shape<AuthorizationRule> Shape { get; } = Shapes.ByKind(
        scalar: Expression.Shape.As(static condition => new AuthorizationRule(AuthorizationRuleKind.Allow, condition)),
        mapping: Shapes.Object("AuthorizationRule", "One rule of an authorization.", static r =>
        {
            var allow = r.Optional("allow", Expression.Shape, "Allows when it holds.", "jwt.role == \"admin\"");
            var deny = r.Optional("deny", Expression.Shape, "Denies when it holds.", "request.path.startsWith(\"/internal\")");
            var require = r.Optional("require", Expression.Shape, "Must hold.", "has(jwt.sub)");
            r.ExactlyOne("allow", "deny", "require");
            return allow is not null ? new AuthorizationRule(AuthorizationRuleKind.Allow, allow)
                : deny is not null ? new AuthorizationRule(AuthorizationRuleKind.Deny, deny)
                : new AuthorizationRule(AuthorizationRuleKind.Require, require ?? new Expression("false"));
        }));
}

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
