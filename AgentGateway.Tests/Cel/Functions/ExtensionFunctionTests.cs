using AgentGateway.Cel;
using Xunit;

namespace AgentGateway.Tests.Cel.Functions;

public sealed class ExtensionFunctionTests
{
    [Theory]
    [InlineData("'%s %s %s'.format([0.000000002, 1e21, -1.5e-7]) == '0.000000002 1000000000000000000000 -0.00000015'")]
    [InlineData("'%s'.format([[1234567890123456.5, 2.0]]) == '[1234567890123456.5, 2]'")]
    [InlineData("'%d %d'.format([3.14, 2.0]) == '3.14 2'")]
    [InlineData("'%s'.format([b'a\\xff\\xfeb\\xc3\\xa9']) == 'a\ufffdb\u00e9'")]
    [InlineData("'%s'.format([ip('::1')]) == '::1'")]
    [InlineData("cidr('10.0.0.0/8').isMask() && !cidr('10.0.0.1/8').isMask() && cidr('2001:db8::/32').isMask()")]
    [InlineData("'tacocat'.indexOf('a', 30) == -1 && 'tacocat'.indexOf('', 30) == 7 && 'tacocat'.lastIndexOf('a', 30) == -1 && 'tacocat'.lastIndexOf('', 30) == 7")]
    [InlineData("bool('T') && !bool('F')")]
    public void Evaluate_Function_GivesItsValue(string source)
    {
        var value = Expressions.Evaluate(source);

        Assert.True(value.IsTrue, value.ToString());
    }

    [Fact]
    public void Format_Secret_PrintsTheMask()
    {
        var activation = new TestActivation { Values = { [AgentGateway.Configuration.Expressions.GatewayVariables.Metadata] = CelValue.FromSecret("sk-1") } };

        Assert.Equal("key <redacted>", Expressions.Evaluate("'key %s'.format([metadata])", activation).AsString());
    }

    [Theory]
    [InlineData("'tacocat'.indexOf('a', 30)")]
    [InlineData("'tacocat'.lastIndexOf('a', 30)")]
    public void Evaluate_IndexPastTheEnd_IsAnErrorInTheLanguageItself(string source)
    {
        var strict = new CelEnvironmentBuilder { Leniency = CelLeniency.None }.Build();

        Assert.Equal(CelErrorCode.IndexOutOfRange, strict.Compile(source).Program!.Evaluate(new TestActivation()).Error?.Code);
    }

    [Theory]
    [InlineData("timestamp('0001-01-01T00:00:00Z').getHours('-08:00')", CelErrorCode.Overflow)]
    [InlineData("timestamp('9999-12-31T23:59:59Z').getHours('+08:00')", CelErrorCode.Overflow)]
    [InlineData("timestamp(0).getHours('Nowhere/None')", CelErrorCode.InvalidArgument)]
    [InlineData("math.greatest()", CelErrorCode.NoSuchOverload)]
    [InlineData("coalesce()", CelErrorCode.NoSuchOverload)]
    [InlineData("max('a', 'b')", CelErrorCode.NoSuchOverload)]
    public void Evaluate_WrongArguments_HaveTheirError(string source, CelErrorCode code) => Assert.Equal(code, Expressions.ErrorCode(source));

    [Fact]
    public void Max_NoNumbers_NamesItself() => Assert.Contains("max(string, string)", Expressions.Evaluate("max('a', 'b')").Error!.Message, StringComparison.Ordinal);

    [Fact]
    public void Json_NestedTooDeep_HasAnErrorOfItsOwn()
    {
        var deep = new string('[', 257) + new string(']', 257);
        var fits = new string('[', 256) + new string(']', 256);

        Assert.Equal(CelErrorCode.DepthLimit, Expressions.ErrorCode($"json('{deep}')"));
        Assert.Equal(CelErrorCode.DepthLimit, Expressions.ErrorCode($"json('{{\"a\":{deep}}}').a"));
        Assert.Null(Expressions.ErrorCode($"json('{fits}')"));
    }

    [Fact]
    public void Evaluate_MissingMemberWithALongName_KeepsTheErrorShort() =>
        Assert.True(Expressions.Evaluate("request[lists.range(1000).map(i, 'long').join()]", Expressions.With((0, "{}"))).Error!.Message.Length < 200);
}
