using System.Text.RegularExpressions;
using AgentGateway.Proxy.Routing;
using CsCheck;
using Xunit;

namespace AgentGateway.Tests.Proxy.Routing;

public sealed class RequiredTextTests
{
    [Theory]
    [InlineData("^/users/[0-9]+$", "/users/")]
    [InlineData("/v[0-9]+/service-17/.*", "/service-17/")]
    [InlineData("/a/(b|c)/items", "/items")]
    [InlineData("/ab?c", "/a")]
    [InlineData("/ab*", "/a")]
    [InlineData("/abc{0,1}d", "/ab")]
    [InlineData("/a.b", "/a")]
    [InlineData("/x\\d+y", "/x")]
    [InlineData("a|b", "")]
    [InlineData("/b{+]|{{0,2}", "")]
    [InlineData("/a{x|y}", "")]
    [InlineData("(?i)/users", "")]
    [InlineData("\\x41b", "")]
    [InlineData("[\\]]abc", "")]
    [InlineData("[^]a]bcd", "")]
    [InlineData("", "")]
    public void Of_Pattern_IsTheLongestCertainRun(string pattern, string expected) => Assert.Equal(expected, RequiredText.Of(pattern));

    [Fact]
    public void Of_RandomPatterns_IsInEachMatch()
    {
        string[] parts = ["a", "b", "/", "ab", ".", "*", "+", "?", "{0,2}", "{1}", "(", ")", "(?:", "|", "[ab]", "[^a]", "[]", "\\d", "\\.", "\\/", "^", "$", "-", "\\b", "{", "}", "]", " ", "#"];
        var pattern = Gen.Int[0, parts.Length - 1].Select(i => parts[i]).Array[1, 8].Select(string.Concat);
        var text = Gen.Int[0, 9].Select(static i => "aaabb//-.#"[i]).Array[0, 8].Select(static chars => new string(chars));
        Gen.Select(pattern, text).Sample(
            static (pattern, text) =>
            {
                try
                {
                    if (Regex.IsMatch(text, pattern, RegexOptions.CultureInvariant))
                    {
                        Assert.Contains(RequiredText.Of(pattern), text, StringComparison.Ordinal);
                    }
                }
                catch (RegexParseException)
                {
                    Assert.NotNull(RequiredText.Of(pattern));
                }
            },
            iter: 20_000);
    }

    [Theory]
    [InlineData("/users/[0-9]+", "/users/12", true)]
    [InlineData("/users/[0-9]+", "/users/12/x", false)]
    [InlineData("/users/[0-9]+", "/x/users/12", false)]
    [InlineData("/users/[0-9]+", "/groups/12", false)]
    [InlineData("a|ab", "ab", false)]
    public void Matches_Text_MustBeSpanned(string pattern, string text, bool expected) => Assert.Equal(expected, new WholeRegex(pattern).Matches(text));

    [Fact]
    public void Get_EqualPatterns_ShareTheirRegex() => Assert.Same(SharedPatterns.Get("/shared/[0-9]+"), SharedPatterns.Get("/shared/[0-9]+"));
}
