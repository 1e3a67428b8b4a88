using System.Text.RegularExpressions;
using AgentGateway.Configuration;
using Xunit;

namespace AgentGateway.Tests.Configuration.Values;

public sealed class RoutePatternTests
{
    [Theory]
    [InlineData("/(?P<version>v[12])/users", "/(?<version>v[12])/users")]
    [InlineData("/[[:digit:]]+", "/[0-9]+")]
    [InlineData("[^[:upper:]_]", "[^A-Z_]")]
    [InlineData("[][:alpha:]]", "[]A-Za-z]")]
    [InlineData("[^]a[:blank:]]", "[^]a\\t ]")]
    [InlineData("\\[[:space:]\\]", "\\[[:space:]\\]")]
    [InlineData("\\(?P<", "\\(?P<")]
    [InlineData("[(?P<]", "[(?P<]")]
    [InlineData("[[:a]", "[[:a]")]
    public void ToDotNet_OtherSyntax_IsRewritten(string pattern, string expected) => Assert.Equal(expected, RoutePattern.ToDotNet(pattern));

    [Theory]
    [InlineData("alnum", "aZ9", "-_")]
    [InlineData("alpha", "aZ", "9_")]
    [InlineData("ascii", "a~", "\u00e9")]
    [InlineData("blank", "\t ", "\na")]
    [InlineData("cntrl", "\0\u007f", "a ")]
    [InlineData("digit", "09", "a\u0669")]
    [InlineData("graph", "!~", " \n")]
    [InlineData("lower", "az", "A0")]
    [InlineData("print", " ~", "\n")]
    [InlineData("punct", "!/:@[\\]^_`{~", "a0 ")]
    [InlineData("space", " \t\n\v\f\r", "a")]
    [InlineData("upper", "AZ", "a")]
    [InlineData("word", "aZ9_", "-")]
    [InlineData("xdigit", "aF9", "gG")]
    public void ToDotNet_PosixClass_HasItsCharacters(string name, string inside, string outside)
    {
        var regex = new Regex($"^{RoutePattern.ToDotNet($"[[:{name}:]]")}$", RegexOptions.NonBacktracking);

        Assert.All(inside, c => Assert.Matches(regex, c.ToString()));
        Assert.All(outside, c => Assert.DoesNotMatch(regex, c.ToString()));
    }

    [Fact]
    public void ToDotNet_TheSameInBoth_IsTheSameString()
    {
        const string Pattern = "^/users/[0-9]+(?:/.*)?$";

        Assert.Same(Pattern, RoutePattern.ToDotNet(Pattern));
    }
}
