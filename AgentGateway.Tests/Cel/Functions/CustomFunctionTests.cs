using AgentGateway.Cel;
using AgentGateway.Configuration.Expressions;
using Xunit;

namespace AgentGateway.Tests.Cel.Functions;

public sealed class CustomFunctionTests
{
    private const string Source = """
        # adults and their names
        isAdult(p) { p.age >= least() }
        least() { 18 }
        this.initial(n) { this.substring(0, n).upperAscii() }
        total(first, rest...) { rest.map(r, r + first) }
        this.each(n, rest...) { rest.map(r, this + n + r) }
        this.all2(rest...) { size(rest) }
        nested(x) { [1, 2].map(i, i * x).with(l, l + l) }
        """;

    [Theory]
    [InlineData("isAdult({'age': 20}) && !isAdult({'age': 17})")]
    [InlineData("'anna'.initial(1) == 'A'")]
    [InlineData("total(10, 1, 2) == [11, 12] && total(10) == []")]
    [InlineData("'a'.each('-', 'b', 'c') == ['a-b', 'a-c'] && 'a'.each('-') == [] && 'a'.all2() == 0 && 'a'.all2(1, 2) == 2")]
    [InlineData("[1, 2].map(i, nested(i)) == [[1, 2, 1, 2], [2, 4, 2, 4]]")]
    [InlineData("nested(nested(2)[0]) == [2, 4, 2, 4]")]
    public void Evaluate_CustomFunction_RunsItsBody(string source)
    {
        var environment = GatewayExpressions.Environment.WithCustomFunctions(Source, out var diagnostics);

        Assert.Empty(diagnostics);
        var compilation = environment.Compile(source);
        Assert.Empty(compilation.Diagnostics);
        Assert.True(compilation.Program!.Evaluate(new TestActivation()).IsTrue);
    }

    [Theory]
    [InlineData("f(a) { f(a) }", "calls itself")]
    [InlineData("f(a) { g(a) } g(a) { [a].map(x, f(x)) }", "cannot be recursive")]
    [InlineData("size(a) { 1 }", "existing function")]
    [InlineData("map(a) { 1 }", "existing function")]
    [InlineData("f(a) { 1 } f(b) { 2 }", "defined twice")]
    [InlineData("f(a, a) { 1 }", "two parameters")]
    [InlineData("f(a... , b) { 1 }", "last parameter")]
    [InlineData("f(a) { 1 + }", "expected an expression")]
    [InlineData("f(a) 1", "'{'")]
    [InlineData("f { 1 }", "'('")]
    [InlineData("that.f(a) { 1 }", "'this'")]
    [InlineData("if(a) { 1 }", "reserved word")]
    [InlineData("1", "function name")]
    [InlineData("f(a) { 1", "'}'")]
    public void WithCustomFunctions_BadText_ReportsItAndKeepsTheEnvironment(string source, string part)
    {
        var environment = GatewayExpressions.Environment.WithCustomFunctions(source, out var diagnostics);

        Assert.Same(GatewayExpressions.Environment, environment);
        Assert.Contains(diagnostics, d => d.Severity == CelDiagnosticSeverity.Error && d.Message.Contains(part, StringComparison.Ordinal));
    }

    [Fact]
    public void WithCustomFunctions_SeveralErrors_ReportsAllWithTheirPlaces()
    {
        GatewayExpressions.Environment.WithCustomFunctions("f(a) { ) }\ng(a) { 1 + }\n", out var diagnostics);

        Assert.Equal([1, 2], diagnostics.Select(static d => d.Line));
    }

    [Fact]
    public void Compile_CustomFunctionWithWrongArity_Warns()
    {
        var environment = GatewayExpressions.Environment.WithCustomFunctions(Source, out _);

        Assert.Contains("wrong number of arguments", Assert.Single(environment.Compile("isAdult()").Diagnostics).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("isAdult()")]
    [InlineData("isAdult({'age': 20}, 2)")]
    [InlineData("isAdult({'age': 20}, 2, 3, 4)")]
    [InlineData("'anna'.initial()")]
    [InlineData("'anna'.initial(1, 2)")]
    [InlineData("total()")]
    [InlineData("'a'.each()")]
    [InlineData("initial('anna', 1)")]
    [InlineData("1.total()")]
    public void Evaluate_CustomFunctionWithWrongArity_IsAnErrorValue(string source)
    {
        var environment = GatewayExpressions.Environment.WithCustomFunctions(Source, out _);

        Assert.Equal(CelErrorCode.NoSuchOverload, environment.Compile(source).Program!.Evaluate(new TestActivation()).Error?.Code);
        Assert.True(environment.Compile(source + " == 1 || true").Program!.Evaluate(new TestActivation()).IsTrue);
        Assert.False(environment.Compile(source, strict: true).Succeeded);
    }

    [Fact]
    public void Evaluate_FunctionsThatCallEachOtherTwice_EndWithinTheirBudget()
    {
        // Sixty doublings: the compiled functions stay small, the evaluation is stopped.
        var source = "f0(x) { x + 1 }\n" + string.Concat(Enumerable.Range(1, 60).Select(static i => $"f{i}(x) {{ f{i - 1}(x) + f{i - 1}(x) }}\n"));
        var environment = GatewayExpressions.Environment.WithCustomFunctions(source, out var diagnostics);

        Assert.Empty(diagnostics);
        Assert.Equal(CelErrorCode.WorkLimit, environment.Compile("f60(1)").Program!.Evaluate(new TestActivation()).Error!.Code);
    }

    [Fact]
    public void WithCustomFunctions_ChainDeeperThanTheStack_IsRejected()
    {
        var source = "f0(x) { x }\n" + string.Concat(Enumerable.Range(1, 200).Select(static i => $"f{i}(x) {{ [[f{i - 1}(x)]] }}\n"));

        GatewayExpressions.Environment.WithCustomFunctions(source, out var diagnostics);

        Assert.Contains(diagnostics, static d => d.Message.Contains("nested deeper", StringComparison.Ordinal));
    }
}
