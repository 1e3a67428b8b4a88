using AgentGateway.Cel;
using AgentGateway.Configuration;
using AgentGateway.Configuration.Snapshot.Policies;

namespace AgentGateway.Proxy.Policies.Authorization;

/// <summary>
/// Authorization rules and their decision (specification config-mcp 2.8): any <c>deny</c> that holds denies, then any <c>require</c> that does not
/// hold denies, then any <c>allow</c> that holds allows; otherwise only a set without <c>allow</c> rules allows. An evaluation error does not hold.
/// </summary>
internal sealed class RuleSet
{
    private readonly CelProgram[] _deny;
    private readonly CelProgram[] _require;
    private readonly CelProgram[] _allow;

    /// <exception cref="FormatException">A condition does not compile.</exception>
    public RuleSet(EquatableArray<AuthorizationRule> rules)
    {
        _deny = Of(rules, AuthorizationRuleKind.Deny);
        _require = Of(rules, AuthorizationRuleKind.Require);
        _allow = Of(rules, AuthorizationRuleKind.Allow);
        ReadsBody = RequestExpressions.ReadsBody([.. _deny, .. _require, .. _allow]);
    }

    /// <summary>True when the request body has to be kept before the rules are evaluated.</summary>
    public bool ReadsBody { get; }

    public bool Allows(ICelActivation variables)
    {
        foreach (var rule in _deny)
        {
            if (rule.IsTrue(variables))
            {
                return false;
            }
        }

        foreach (var rule in _require)
        {
            if (!rule.IsTrue(variables))
            {
                return false;
            }
        }

        foreach (var rule in _allow)
        {
            if (rule.IsTrue(variables))
            {
                return true;
            }
        }

        return _allow.Length == 0;
    }

    private static CelProgram[] Of(EquatableArray<AuthorizationRule> rules, AuthorizationRuleKind kind)
    {
        List<CelProgram>? programs = null;
        foreach (var rule in rules)
        {
            if (rule.Kind == kind)
            {
                (programs ??= []).Add(RequestExpressions.Compile(rule.Condition));
            }
        }

        return programs is null ? [] : [.. programs];
    }
}
