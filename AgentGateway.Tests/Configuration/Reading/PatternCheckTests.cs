using System.Text.RegularExpressions;
using AgentGateway.Configuration.Reading;
using Xunit;

namespace AgentGateway.Tests.Configuration.Reading;

public sealed class PatternCheckTests
{
    [Theory]
    [InlineData("^/users/[0-9]+$")]
    [InlineData("(?:a|b){2,3}\\.x\\{2\\}")]
    [InlineData("[a-z]{1,36}")]
    [InlineData("\\p{L}+")]
    [InlineData("a{b}")]
    public void IsPlain_WhatTheLinearEngineTakes_IsParsedOnly(string pattern)
    {
        Assert.True(PatternCheck.IsPlain(pattern));
        Assert.Null(PatternCheck.Problem(pattern));
        Assert.NotNull(new Regex(pattern, RegexOptions.NonBacktracking));
    }

    [Theory]
    [InlineData("(?=a)b")]
    [InlineData("(?<!a)b")]
    [InlineData("(?>a)b")]
    [InlineData("(?(a)b|c)")]
    [InlineData("(a)\\1")]
    [InlineData("(?<x>a)\\k<x>")]
    [InlineData("\\Ga")]
    public void Problem_WhatTheLinearEngineRefuses_IsNamed(string pattern)
    {
        Assert.False(PatternCheck.IsPlain(pattern));
        Assert.Equal("look-around, back references and atomic groups are not supported", PatternCheck.Problem(pattern));
    }

    [Theory]
    [InlineData("(a{100}){100}", false)]
    [InlineData("a{2000,}", false)]
    [InlineData("(?i)a", false)]
    [InlineData("(a{10}){100}", true)]
    public void IsPlain_ManyStatesAndOptions_AreMadeReadyToBeSure(string pattern, bool plain) => Assert.Equal(plain, PatternCheck.IsPlain(pattern));

    [Theory]
    [InlineData("(")]
    [InlineData("[a")]
    [InlineData("a**")]
    [InlineData("\\")]
    public void Problem_WhatDoesNotParse_IsNamed(string pattern) => Assert.Equal("it does not compile", PatternCheck.Problem(pattern));

    [Theory]
    [InlineData("[[:foo:]]", "the class [:foo:] is not supported; write its characters, such as [a-z]")]
    [InlineData("[[:^digit:]]", "the class [:^digit:] is not supported; write its characters, such as [a-z]")]
    public void Problem_ClassThatIsNotKnown_IsNamed(string pattern, string problem) => Assert.Equal(problem, PatternCheck.Problem(pattern));

    [Fact]
    public void Problem_TooLong_IsNamed() => Assert.Equal("longer than 4096 characters", PatternCheck.Problem(new string('a', 4097)));
}
