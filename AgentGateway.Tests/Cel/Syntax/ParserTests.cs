using AgentGateway.Cel;
using AgentGateway.Configuration.Expressions;
using Xunit;

namespace AgentGateway.Tests.Cel.Syntax;

public sealed class ParserTests
{
    [Fact]
    public void Compile_TwoErrorsOnTwoLines_ReportsBothWithLineColumnAndCaret()
    {
        var compilation = GatewayExpressions.Compile("request.path == && true\n  || (1 + )");

        Assert.False(compilation.Succeeded);
        Assert.Collection(
            compilation.Diagnostics,
            first =>
            {
                Assert.Equal((1, 17), (first.Line, first.Column));
                Assert.Equal("request.path == && true", first.SourceLine);
                Assert.EndsWith("\n | request.path == && true\n | ................^", first.ToString(), StringComparison.Ordinal);
            },
            second =>
            {
                Assert.Equal((2, 11), (second.Line, second.Column));
                Assert.EndsWith("\n |   || (1 + )\n | ..........^", second.ToString(), StringComparison.Ordinal);
            });
        Assert.Contains("1:17", compilation.ErrorText, StringComparison.Ordinal);
        Assert.Contains("2:11", compilation.ErrorText, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("a = b", "'=='")]
    [InlineData("a & b", "'&&'")]
    [InlineData("a | b", "'||'")]
    [InlineData("1 # two", "'//'")]
    [InlineData("\u201Cx\u201D", "quote with")]
    [InlineData("'abc", "no closing quote")]
    [InlineData("'a\\qb'", "escape")]
    [InlineData("'\\uD800'", "code point")]
    [InlineData("b'\\u0041'", "\\u")]
    [InlineData("9223372036854775808", "out of range")]
    [InlineData("18446744073709551616u", "out of range")]
    [InlineData("1e999", "out of range")]
    [InlineData("rb'x'", "raw bytes are written br'...'")]
    [InlineData("RB\"x\"", "raw bytes are written br'...'")]
    [InlineData("0X1f", "hexadecimal numbers begin with 0x")]
    [InlineData("12abc", "followed by a letter")]
    [InlineData("has(x)", "has()")]
    [InlineData("[1].all(a.b, true)", "simple name")]
    [InlineData("[1].exists(v, v, true)", "different names")]
    [InlineData("while", "reserved word")]
    [InlineData("if(true)", "reserved word")]
    [InlineData("a.true", "member name")]
    [InlineData("a.`b$`", "quoted name")]
    [InlineData("", "end of the expression")]
    [InlineData("f(1, )", "argument")]
    [InlineData("{1 2}", "':'")]
    [InlineData("(1", "')'")]
    [InlineData("1 2", "'2'")]
    public void Compile_BadSource_NamesTheRemedy(string source, string part) =>
        Assert.Contains(GatewayExpressions.Compile(source).Diagnostics, d => d.Severity == CelDiagnosticSeverity.Error && d.Message.Contains(part, StringComparison.Ordinal));

    [Fact]
    public void Compile_ColumnAfterAstralCharacters_CountsCodePoints()
    {
        var diagnostic = Assert.Single(GatewayExpressions.Compile("'\U0001F600' + )").Diagnostics);

        Assert.Equal(7, diagnostic.Column);

        // A picture takes two cells of the screen.
        Assert.EndsWith("\n | .......^", diagnostic.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Compile_ErrorFarRightOnALongLine_CutsTheLineAroundTheCaret()
    {
        var text = Assert.Single(GatewayExpressions.Compile(new string(' ', 500) + ")").Diagnostics, d => d.Column == 501).ToString();

        Assert.All(text.Split('\n'), static line => Assert.True(line.Length < 140));
    }

    [Theory]
    [InlineData("(")]
    [InlineData("[")]
    [InlineData("{1:")]
    [InlineData("-")]
    [InlineData("!-")]
    [InlineData("f(")]
    [InlineData("a?b:")]
    [InlineData("x[")]
    [InlineData("(a.b[")]
    public void Compile_DeepNesting_IsAnErrorNotAnOverflow(string open)
    {
        var compilation = GatewayExpressions.Compile(string.Concat(Enumerable.Repeat(open, 20_000)) + "1");

        Assert.False(compilation.Succeeded);
    }

    [Theory]
    [InlineData("1", "+1")]
    [InlineData("a", ".b")]
    [InlineData("a", "[0]")]
    [InlineData("a", ".f()")]
    [InlineData("a", "<1")]
    public void Compile_LongChain_IsAnError(string start, string link) =>
        Assert.Contains(
            GatewayExpressions.Compile(start + string.Concat(Enumerable.Repeat(link, 5000))).Diagnostics,
            static d => d.Message.Contains("nested deeper", StringComparison.Ordinal));

    [Fact]
    public void Compile_ThousandAlternatives_IsWideNotDeep() =>
        Assert.True(Expressions.Evaluate(string.Join(" || ", Enumerable.Range(0, 1000).Select(static i => $"{i} == 999"))).IsTrue);

    [Fact]
    public void Compile_TooManyNodes_IsAnError() =>
        Assert.Contains(
            GatewayExpressions.Compile("[" + string.Join(',', Enumerable.Repeat("1", 25_000)) + "]").Diagnostics,
            static d => d.Message.Contains("more than 20000 parts", StringComparison.Ordinal));

    [Fact]
    public void Compile_TooLongSource_IsAnError() =>
        Assert.Contains("longer than 65536", GatewayExpressions.Compile(new string(' ', 70_000) + "1").ErrorText, StringComparison.Ordinal);

    [Fact]
    public void Compile_ManyErrors_ReportsABoundedNumber() =>
        Assert.InRange(GatewayExpressions.Compile(string.Concat(Enumerable.Repeat(") ", 1000))).Diagnostics.Count, 2, 20);

    [Theory]
    [InlineData(",")]
    [InlineData("[,,]")]
    [InlineData("[,1]")]
    [InlineData("{,1: 2}")]
    [InlineData("f(,)")]
    public void Compile_CommaWithoutElement_IsAnError(string source) => Assert.False(GatewayExpressions.Compile(source).Succeeded);

    [Fact]
    public void Compile_ErrorsOfLexerAndParser_AreInTheOrderOfTheText()
    {
        var diagnostics = GatewayExpressions.Compile(") 1 + ( * } ] 'x").Diagnostics;

        Assert.True(diagnostics.Count >= 4);
        Assert.Equal(diagnostics.Select(static d => d.Offset).Order(), diagnostics.Select(static d => d.Offset));
    }

    [Theory]
    [InlineData("r'\\n' == '\\\\n'")]
    [InlineData("'''a\n'b''' == 'a\\n\\'b'")]
    [InlineData("R\"\\\" == '\\\\'")]
    [InlineData("b'\\xff' == b'\\377'")]
    [InlineData("br'\\x' == b'\\\\x' && BR'\\x' == bR'\\x'")]
    [InlineData("'\\U0001F600' == '\U0001F600'")]
    [InlineData("0x10 == 16 && 0xFu == 15u")]
    [InlineData(".5 == 0.5 && 1e3 == 1000.0")]
    [InlineData("// comment\ntrue // more")]
    [InlineData("{'a b': 1}.`a b` == 1")]
    [InlineData("-9223372036854775808 < 0")]
    [InlineData("!!true && --1 == 1")]
    [InlineData("[1, 2,] == [1, 2] && {'a': 1,} == {'a': 1}")]
    [InlineData("{'as': 1}.as == 1")]
    [InlineData("[,] == [] && {,} == {}")]
    public void Evaluate_Literals_HaveTheirValues(string source) => Assert.True(Expressions.EvaluatePlain(source).IsTrue);
}
