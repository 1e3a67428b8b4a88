using AgentGateway.Cel;
using AgentGateway.Configuration.Expressions;
using Xunit;

namespace AgentGateway.Tests.Cel.Evaluation;

/// <summary>Conditions: the same answer as the value of the expression, whatever the steps inside are.</summary>
public sealed class ConditionTests
{
    [Theory]
    [InlineData("metadata.a == 'x'", true)]
    [InlineData("metadata.a != 'x'", false)]
    [InlineData("metadata.a.startsWith('x') && metadata.b.c.d == 'deep'", true)]
    [InlineData("metadata.b.c.d.endsWith('eep')", true)]
    [InlineData("metadata.none == 'x' || metadata.a == 'x'", true)]
    [InlineData("metadata.a == 'x' || metadata.none == 'x'", true)]
    [InlineData("metadata.none == 'x' || metadata.a == 'y'", false)]
    [InlineData("metadata.none == 'x' && metadata.a == 'x'", false)]
    [InlineData("metadata.a && metadata.a == 'x'", false)]
    [InlineData("metadata.a || metadata.a == 'x'", true)]
    [InlineData("(metadata.a == 'x' ? metadata.b.c.d : metadata.none) == 'deep'", true)]
    [InlineData("metadata.a", false)]
    [InlineData("[1, 2].exists(i, i == 2)", true)]
    [InlineData("metadata.none", false)]
    [InlineData("nobody", false)]
    [InlineData("true", true)]
    public void IsTrue_AnyExpression_AgreesWithItsValue(string source, bool expected)
    {
        var activation = Expressions.With((GatewayVariables.Metadata, """{"a":"x","b":{"c":{"d":"deep"}}}"""));
        var program = Expressions.Compile(source);

        Assert.Equal(expected, program.IsTrue(activation));
        Assert.Equal(expected, program.Evaluate(activation).IsTrue);
    }

    [Theory]
    [InlineData("metadata.none == 'x' && metadata.a && true", CelErrorCode.NoSuchKey)]
    [InlineData("metadata.a && metadata.none == 'x' && true", CelErrorCode.NoSuchOverload)]
    [InlineData("1 / 0 > 1 || metadata.none == 'x'", CelErrorCode.DivideByZero)]
    public void Evaluate_SeveralFailingOperands_GivesTheFirstError(string source, CelErrorCode code) =>
        Assert.Equal(code, Expressions.ErrorCode(source, Expressions.With((GatewayVariables.Metadata, """{"a":"x"}"""))));
}
