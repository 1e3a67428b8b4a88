using Xunit;

namespace AgentGateway.Tests.Cel.Syntax;

public sealed class FormatterTests
{
    [Theory]
    [InlineData("a+b*c", "a + b * c")]
    [InlineData("(a+b)*c", "(a + b) * c")]
    [InlineData("a-(b-c)", "a - (b - c)")]
    [InlineData("(a-b)-c", "a - b - c")]
    [InlineData("a&&(b||c)", "a && (b || c)")]
    [InlineData("(a&&b)&&c", "(a && b) && c")]
    [InlineData("(a?b:c)?d:e", "(a ? b : c) ? d : e")]
    [InlineData("a?b:(c?d:e)", "a ? b : c ? d : e")]
    [InlineData("-(1)", "-(1)")]
    [InlineData("-1", "-1")]
    [InlineData("- (x)", "-x")]
    [InlineData("!(a in b)", "!(a in b)")]
    [InlineData("(-x).f()", "(-x).f()")]
    [InlineData("a.b [ 'c' ] .?d[? 0]", "a.b[\"c\"].?d[?0]")]
    [InlineData("has( a.b )", "has(a.b)")]
    [InlineData("x.exists_one(v,v>1)", "x.exists_one(v, v > 1)")]
    [InlineData("x.map(v,v>1,v+1)", "x.map(v, v > 1, v + 1)")]
    [InlineData("cel.bind(v,1,v+v)", "cel.bind(v, 1, v + v)")]
    [InlineData("x.with(v,v.y)", "x.with(v, v.y)")]
    [InlineData("{?'k':x}", "{?\"k\": x}")]
    [InlineData("[?x,1]", "[?x, 1]")]
    [InlineData("b'\\x00a'", "b\"\\x00a\"")]
    [InlineData("'tab\\t\"'", "\"tab\\t\\\"\"")]
    [InlineData("1.0", "1.0")]
    [InlineData("5u", "5u")]
    [InlineData(".a.b", ".a.b")]
    public void Format_Expression_IsInNormalForm(string source, string expected) => Assert.Equal(expected, Expressions.Compile(source).Format());
}
