using AgentGateway.Configuration.Expressions;
using Xunit;

namespace AgentGateway.Tests.Cel.Checking;

/// <summary>The line and the caret under it, as a terminal shows them.</summary>
public sealed class DiagnosticDisplayTests
{
    [Theory]
    [InlineData("\t1 + * 2", "1:6", " |  1 + * 2\n | .....^")]
    [InlineData("'\u65e5\u672c' + * 2", "1:8", " | '\u65e5\u672c' + * 2\n | .........^")]
    [InlineData("'e\u0301' + * 2", "1:8", " | 'e\u0301' + * 2\n | ......^")]
    [InlineData("'\U0001F600' + * 2", "1:7", " | '\U0001F600' + * 2\n | .......^")]
    [InlineData("true &&\r\n  (1 + * 2)\r\n", "2:8", " |   (1 + * 2)\n | .......^")]
    [InlineData("'\u001b[31m' + * 2", "1:11", " | ' [31m' + * 2\n | ..........^")]
    public void ErrorText_OddCharacters_PutTheCaretUnderThePlace(string source, string place, string shown)
    {
        var text = GatewayExpressions.Compile(source).ErrorText;

        Assert.StartsWith(place + ": ", text, StringComparison.Ordinal);
        Assert.EndsWith(shown, text, StringComparison.Ordinal);
    }

    [Fact]
    public void ErrorText_LongLineOfPictures_IsCutBetweenThem()
    {
        var text = GatewayExpressions.Compile("'" + string.Concat(Enumerable.Repeat("\U0001F600", 200)) + "' + * 2").ErrorText;

        Assert.DoesNotContain('\uFFFD', text);
        foreach (var (first, second) in text.Zip(text[1..]))
            Assert.Equal(char.IsHighSurrogate(first), char.IsLowSurrogate(second));
    }

    [Theory]
    [InlineData("[1].mapp(x, x)", "map")]
    [InlineData("[1].exist(x, x == 1)", "exists")]
    [InlineData("hass(jwt.sub)", "has")]
    public void Warnings_MistypedMacro_SuggestIt(string source, string macro) =>
        Assert.Contains(GatewayExpressions.Compile(source).Diagnostics, w => w.Suggestion == macro);

    [Fact]
    public void Warnings_MacroWithOneArgument_SayWhatItTakes()
    {
        var warnings = GatewayExpressions.Compile("[1].all(true)").Diagnostics;

        Assert.Contains(warnings, static w => w.Message.Contains("wrong number of arguments for the macro 'all'", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("has(a, b)", "'has': it is written has(x.member)")]
    [InlineData("cel.bind(x, 1)", "'cel.bind': it is written cel.bind(name, value, expression)")]
    [InlineData("llm.with(x)", "'with': it is written value.with(name, expression)")]
    [InlineData("[1].transformList(x, x)", "'transformList': it is written items.transformList(k, v, expression)")]
    [InlineData("coalesce()", "'coalesce': expected at least 1, found 0")]
    [InlineData("math.least()", "'math.least': expected at least 1, found 0")]
    public void Warnings_WrongNumberOfArguments_SayWhatIsMeant(string source, string message) =>
        Assert.Contains(GatewayExpressions.Compile(source).Diagnostics, w => w.Message.StartsWith("wrong number of arguments for", StringComparison.Ordinal) && w.Message.EndsWith(message, StringComparison.Ordinal));

    [Theory]
    [InlineData("1\u00a0+ 2", "\\u00a0", 2)]
    [InlineData("\ufeff1 + 2", "\\ufeff", 1)]
    [InlineData("1 +\u200b 2", "\\u200b", 4)]
    public void ErrorText_CharacterNobodySees_IsNamedByItsNumberAndOnce(string source, string shown, int column)
    {
        var error = Assert.Single(GatewayExpressions.Compile(source).Diagnostics);

        Assert.Contains(shown, error.Message, StringComparison.Ordinal);
        Assert.Equal(column, error.Column);
    }
}
