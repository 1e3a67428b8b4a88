using AgentGateway.Cel;
using AgentGateway.Cel.Syntax;
using AgentGateway.Configuration.Expressions;
using CsCheck;
using Xunit;

namespace AgentGateway.Tests.Cel.Properties;

public sealed class ExpressionProperties
{
    private static readonly Gen<string> Json = Gen.OneOf(
        "null", "1", "-1.5", "\"a,b\"", "[]", "{}", "[1,[2,{\"a\":[3]}]]", "{\"a\":1,\"b\":\"x\",\"path\":\"/a\",\"prompt\":[{\"role\":\"user\",\"content\":\"hi\"}]}", "[\"b\",\"a\",null,true]", "{\"a\":{\"a\":{\"a\":1}}}");

    [Fact]
    public void Format_AnyExpression_ParsesBackToTheSameTree() =>
        ExpressionGenerator.Source.Sample(
            static source =>
            {
                var compilation = GatewayExpressions.Compile(source);
                if (compilation.Program is not { } program)
                    return;
                var text = program.Format();
                var again = GatewayExpressions.Compile(text);
                Assert.True(again.Succeeded, text);
                Assert.Equal(text, again.Program.Format());
                Assert.Equal(program.Attributes.Paths, again.Program.Attributes.Paths);
                Assert.Equal(Tree(source), Tree(text));
            },
            iter: 3000);

    [Fact]
    public void Evaluate_AnyExpressionOverAnyData_EndsWithAValueOrAnError() =>
        Gen.Select(ExpressionGenerator.Source, Json, Json).Sample(
            static (source, one, other) =>
            {
                if (GatewayExpressions.Compile(source).Program is not { } program)
                    return;
                var activation = Expressions.With((GatewayVariables.Request, one), (GatewayVariables.Llm, other), (GatewayVariables.Metadata, one), (GatewayVariables.Jwt, other));
                var value = program.Evaluate(activation);
                Assert.NotEqual(CelKind.Absent, value.Kind);
                Assert.Equal(value.IsTrue, program.IsTrue(activation));
                Assert.NotNull(value.ToText());
                CelFlattening.Expand("k", value, new AttributeList());
            },
            iter: 5000);

    [Fact]
    public void Evaluate_StrictProgramOverPlainValues_AgreesWithTheTypeOfTheChecker() =>
        ExpressionGenerator.Source.Sample(
            static source =>
            {
                if (Expressions.Plain.Compile(source, strict: true).Program is not { } program)
                    return;
                var value = program.Evaluate(new TestActivation());
                var type = program.ResultType;
                if (value.IsError || value.Kind == CelKind.Flattened || type.Kind is CelTypeKind.Dyn or CelTypeKind.Null || value.IsNull || type.Kind == CelTypeKind.Parameter)
                    return;
                Assert.Equal(type.Kind, value.RuntimeType.Kind);
            },
            iter: 5000);

    [Fact]
    public void Compile_AnyText_NeverThrows() =>
        Gen.Char.Array[0, 60].Select(static c => new string(c)).Sample(static source => _ = GatewayExpressions.Compile(source), iter: 3000);

    [Fact]
    public void Compile_MutatedExpressions_NeverThrowAndNeverHang() =>
        Gen.Select(ExpressionGenerator.Source, Gen.Int[0, 1000], Gen.Int[0, 1000], Gen.OneOf("", "(", ")", "'", "\\", ".", "?", "[", "{", ",", "\"\"\"", "//", "\uD800", "0x", "e", "`", "1u1")).Sample(
            static (source, at, length, insert) =>
            {
                at %= source.Length + 1;
                length = Math.Min(length % 8, source.Length - at);
                var compilation = GatewayExpressions.Compile(source.Remove(at, length).Insert(at, insert));
                Assert.Equal(compilation.Succeeded, compilation.ErrorText.Length == 0);
                compilation.Program?.Evaluate(new TestActivation());
            },
            iter: 5000);

    [Fact]
    public void WithCustomFunctions_AnyBody_NeverThrows() =>
        Gen.Select(ExpressionGenerator.Source, ExpressionGenerator.Source).Sample(
            static (one, other) =>
            {
                var environment = GatewayExpressions.Environment.WithCustomFunctions($"f(v, x...) {{ {one} }} this.g(k) {{ f({other}) }}", out _);
                environment.Compile("f(1, 2) == 'a'.g(3)").Program!.Evaluate(new TestActivation());
            },
            iter: 1000);

    private static string Tree(string source)
    {
        var diagnostics = new DiagnosticBag(source, 20);
        return Formatter.Format(Parser.Parse(source, GatewayExpressions.Environment.Libraries, CelLimits.Default, diagnostics)!);
    }
}
