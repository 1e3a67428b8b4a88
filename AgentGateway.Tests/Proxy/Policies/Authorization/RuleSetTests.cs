using System.Text;
using AgentGateway.Cel;
using AgentGateway.Configuration;
using AgentGateway.Configuration.Expressions;
using AgentGateway.Configuration.Snapshot.Policies;
using AgentGateway.Proxy.Policies.Authorization;
using Xunit;

namespace AgentGateway.Tests.Proxy.Policies.Authorization;

public sealed class RuleSetTests
{
    // The decision table of the specification (config-mcp 2.8); T holds, F does not, E is an evaluation error.
    [Theory]
    [InlineData("", true)]
    [InlineData("allow:T", true)]
    [InlineData("allow:F", false)]
    [InlineData("allow:E", false)]
    [InlineData("allow:F allow:T", true)]
    [InlineData("deny:T", false)]
    [InlineData("deny:F", true)]
    [InlineData("deny:E", true)]
    [InlineData("deny:T allow:T", false)]
    [InlineData("deny:F allow:F", false)]
    [InlineData("deny:F allow:T", true)]
    [InlineData("require:T", true)]
    [InlineData("require:F", false)]
    [InlineData("require:E", false)]
    [InlineData("require:T require:F", false)]
    [InlineData("require:F allow:T", false)]
    [InlineData("require:T allow:F", false)]
    [InlineData("require:T allow:T", true)]
    public void Allows_EachCombination_FollowsTheTable(string rules, bool expected)
    {
        var set = new RuleSet([.. rules.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(Rule)]);

        Assert.Equal(expected, set.Allows(new Claims("""{"sub":"alice"}""")));
    }

    [Fact]
    public void Allows_NoToken_RulesAboutItDoNotHold()
    {
        var set = new RuleSet([new AuthorizationRule(AuthorizationRuleKind.Allow, new Expression("jwt.sub == 'alice'"))]);

        Assert.True(set.Allows(new Claims("""{"sub":"alice"}""")));
        Assert.False(set.Allows(new Claims(null)));
    }

    [Fact]
    public void ReadsBody_RuleOverBody_IsKnownBeforehand()
    {
        Assert.True(new RuleSet([new AuthorizationRule(AuthorizationRuleKind.Allow, new Expression("json(request.body).method == 'x'"))]).ReadsBody);
        Assert.False(new RuleSet([new AuthorizationRule(AuthorizationRuleKind.Allow, new Expression("request.path == '/'"))]).ReadsBody);
    }

    [Fact]
    public void Over_LowerLevel_AddsUp()
    {
        var lower = new AuthorizationPolicy { Rules = [Rule("deny:T")] };
        var higher = new AuthorizationPolicy { Rules = [Rule("allow:T")] };

        Assert.Equal([Rule("deny:T"), Rule("allow:T")], ((AuthorizationPolicy)higher.Over(lower)).Rules);
    }

    private static AuthorizationRule Rule(string text)
    {
        var parts = text.Split(':');
        var kind = Enum.Parse<AuthorizationRuleKind>(parts[0], ignoreCase: true);
        return new AuthorizationRule(kind, new Expression(parts[1] switch { "T" => "true", "F" => "false", _ => "jwt.missing == 'x'" }));
    }

    private sealed class Claims(string? json) : ICelActivation
    {
        public CelValue GetVariable(int slot) =>
            slot == GatewayVariables.Jwt && json is not null ? CelValue.FromJson(Encoding.UTF8.GetBytes(json)) : CelValue.Null;
    }
}
