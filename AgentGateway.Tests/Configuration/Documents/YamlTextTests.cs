using AgentGateway.Configuration.Documents;
using Xunit;

namespace AgentGateway.Tests.Configuration.Documents;

/// <summary>What a text of a configuration may hold, and what its scalars mean.</summary>
public sealed class YamlTextTests
{
    [Theory]
    [InlineData("binds: []\n\0routes: not read by a parser that stops here\n", 2, 1, "U+0000")]
    [InlineData("binds: [] # \u0007\n", 1, 13, "U+0007")]
    [InlineData("routes:\n- name: \"a\u001bb\"\n", 2, 11, "U+001B")]
    [InlineData("binds: []\u007f\n", 1, 10, "U+007F")]
    [InlineData("# \uffff\nbinds: []\n", 1, 3, "U+FFFF")]
    public void Load_ForbiddenCharacter_RefusedAtItsPlace(string text, int line, int column, string character)
    {
        var error = TestLoad.SingleError(text);

        Assert.Equal((line, column), (error.Line, error.Column));
        Assert.Contains(character, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Load_EscapedControlCharacterInDoubleQuotes_IsRead() =>
        TestLoad.LoadValid("config: {metrics: {remove: [\"a\\u0007b\"]}}");

    [Theory]
    [InlineData("binds:\n\t- port: 1\n", 2, 1)]
    [InlineData("binds:\n- port: 3000\n  listeners:\n  \t- name: a\n", 4, 3)]
    public void Load_IndentationByTab_IsNamedWhereTheTabIs(string text, int line, int column)
    {
        var error = TestLoad.SingleError(text);

        Assert.Equal((line, column), (error.Line, error.Column));
        Assert.Contains("tab", error.Message, StringComparison.Ordinal);
    }

    // An account number is no number: the original reads digits after a zero as a string.
    [Theory]
    [InlineData("0123", nameof(ScalarKind.Text))]
    [InlineData("-00", nameof(ScalarKind.Text))]
    [InlineData("0", nameof(ScalarKind.Integer))]
    [InlineData("-0", nameof(ScalarKind.Integer))]
    [InlineData("0x1F", nameof(ScalarKind.Integer))]
    [InlineData("0o17", nameof(ScalarKind.Integer))]
    [InlineData("0.5", nameof(ScalarKind.Number))]
    [InlineData("00.5", nameof(ScalarKind.Number))]
    public void FromPlain_DigitsAfterAZero_AreAString(string text, string expected) =>
        Assert.Equal(expected, ScalarResolution.FromPlain(text).ToString());

    [Fact]
    public void Load_EscapedDollarInAWrongValue_IsShown() =>
        Assert.Contains("`a$b c`", TestLoad.SingleError("binds: [{port: 1, listeners: [{hostname: 'a$$b c', routes: []}]}]").Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("http://user:hunter2@h:80", "`http://…@h:80`")]
    [InlineData("user:hunter2@h:80", "`…@h:80`")]
    [InlineData("name@h", "`name@h`")]
    public void Load_PasswordInAWrongAddress_IsNotRepeated(string host, string shown)
    {
        var error = TestLoad.SingleError($"binds: [{{port: 1, listeners: [{{routes: [{{policies: {{extAuthz: {{host: '{host}'}}}}, backends: []}}]}}]}}]");

        Assert.Contains(shown, error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("hunter2", error.Message, StringComparison.Ordinal);
    }
}
