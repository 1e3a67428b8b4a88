using AgentGateway.Cel;
using AgentGateway.Configuration.Expressions;
using Xunit;

namespace AgentGateway.Tests.Cel.Evaluation;

/// <summary>Where the gateway's environment allows more than the language, and only there.</summary>
public sealed class LeniencyTests
{
    [Theory]
    [InlineData("1 + 2u == 3")]
    [InlineData("2u - 3 == -1")]
    [InlineData("type(2u * 3) == int")]
    [InlineData("9223372036854775807 + 1u == 9223372036854775808u")]
    [InlineData("'b' in 'abc'")]
    [InlineData("!('x' in 'abc')")]
    [InlineData("'abcdef'.substring(3, 100) == 'def'")]
    [InlineData("1 == 1u && 1u == 1.0 && 2u > 1 && 1.5 < 2")]
    [InlineData("has(jwt.sub) == false")]
    [InlineData("has(metadata.x) == false")]
    [InlineData("jwt == null")]
    public void Evaluate_GatewayEnvironment_Allows(string source)
    {
        var activation = new TestActivation { Values = { [GatewayVariables.Jwt] = CelValue.Null } };

        Assert.True(Expressions.Evaluate(source, activation).IsTrue);
    }

    [Theory]
    [InlineData("dyn(1) + dyn(2u)")]
    [InlineData("dyn('b') in dyn('abc')")]
    [InlineData("'abcdef'.substring(3, 100)")]
    public void Evaluate_PlainEnvironment_DoesNot(string source) => Assert.True(Expressions.EvaluatePlain(source).IsError);

    [Theory]
    [InlineData("1 + 1.0", CelErrorCode.NoSuchOverload)]
    [InlineData("18446744073709551615u + 1", CelErrorCode.Overflow)]
    [InlineData("0 - 18446744073709551615u", CelErrorCode.Overflow)]
    [InlineData("9223372036854775807 + 1", CelErrorCode.Overflow)]
    [InlineData("-(-9223372036854775808)", CelErrorCode.Overflow)]
    [InlineData("-9223372036854775808 / -1", CelErrorCode.Overflow)]
    [InlineData("1 / 0", CelErrorCode.DivideByZero)]
    [InlineData("1u % 0u", CelErrorCode.DivideByZero)]
    [InlineData("1u / 0", CelErrorCode.DivideByZero)]
    [InlineData("[1][5]", CelErrorCode.IndexOutOfRange)]
    [InlineData("{'a': 1}.b", CelErrorCode.NoSuchKey)]
    [InlineData("jwt.sub", CelErrorCode.NoSuchKey)]
    [InlineData("request.path", CelErrorCode.UndeclaredReference)]
    [InlineData("{'a': 1, 'a': 2}", CelErrorCode.DuplicateKey)]
    [InlineData("{1.5: 1}", CelErrorCode.InvalidArgument)]
    [InlineData("nobody", CelErrorCode.UndeclaredReference)]
    [InlineData("nobody(1)", CelErrorCode.UndeclaredReference)]
    [InlineData("optional.none().value()", CelErrorCode.OptionalNone)]
    [InlineData("timestamp('9999-12-31T23:59:59Z') + duration('1s')", CelErrorCode.Overflow)]
    public void Evaluate_Mistake_HasItsOwnCode(string source, CelErrorCode code)
    {
        var activation = new TestActivation { Values = { [GatewayVariables.Jwt] = CelValue.Null } };

        Assert.Equal(code, Expressions.ErrorCode(source, activation));
    }

    [Theory]
    [InlineData("nobody || true")]
    [InlineData("true || nobody")]
    [InlineData("!(nobody && false)")]
    [InlineData("!(false && nobody)")]
    [InlineData("[1, 0].exists(x, 1 / x == 1)")]
    [InlineData("[0, 1].exists(x, 1 / x == 1)")]
    [InlineData("![0, 1].all(x, 1 / x == 2)")]
    [InlineData("true ? true : nobody")]
    public void Evaluate_ErrorBesideADecision_IsAbsorbed(string source) => Assert.True(Expressions.Evaluate(source).IsTrue);

    [Theory]
    [InlineData("nobody || false")]
    [InlineData("false || nobody")]
    [InlineData("true && nobody")]
    [InlineData("nobody ? 1 : 1")]
    [InlineData("[1, 0].exists_one(x, 1 / x == 1)")]
    public void Evaluate_ErrorThatDecides_IsTheResult(string source) => Assert.True(Expressions.Evaluate(source).IsError);
}
