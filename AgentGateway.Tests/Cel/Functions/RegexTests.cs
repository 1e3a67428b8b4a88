using AgentGateway.Cel;
using Xunit;

namespace AgentGateway.Tests.Cel.Functions;

public sealed class RegexTests
{
    [Theory]
    [InlineData("'\U0001F600'.matches('^[^a]$') && '\U0001F600'.matches('^.$') && !'\U0001F600'.matches('^..$')")]
    [InlineData("'\U0001F601'.matches('^[\U0001F600-\U0001F602]$') && !'\U0001F603'.matches('[\U0001F600-\U0001F602]')")]
    [InlineData("'\U0001F601'.matches(r'^[\\x{1F600}-\\x{1F64F}]$') && 'b'.matches(r'^[^\\x{1F600}-\\x{1F64F}]$') && !'\U0001F601'.matches(r'[^\\x{1F600}-\\x{1F64F}]')")]
    [InlineData("'\U0001F600\U0001F600'.matches('^\U0001F600{2}$') && '\U0001F600\U0001F600'.matches(r'^\\x{1F600}+$')")]
    [InlineData("'\U0001F600'.matches(r'^\\D\\z') && '\U0001F600'.matches(r'^\\W$') && '\U0001F600'.matches(r'^[\\S]$') && '\U0001F600'.matches(r'^[[:^alpha:]]$')")]
    [InlineData("'\U0001F600'.matches(r'^\\p{So}$') && !'\U0001F600'.matches(r'\\p{L}') && '\U0001F600'.matches(r'^\\P{L}$')")]
    [InlineData("'\U00020000'.matches(r'^[\\p{Han}]$') && '\u6f22'.matches(r'^\\p{Han}$') && !'a'.matches(r'\\p{Han}')")]
    [InlineData("'\u00e9'.matches(r'^\\p{Latin}$') && !'\u0436'.matches(r'\\p{Latin}') && '\u0436'.matches(r'^\\p{^Latin}$') && '\u0436'.matches(r'^\\p{Cyrillic}$')")]
    [InlineData("'\u2167'.matches(r'^\\pN$') && 'x'.matches(r'^\\p{Any}$')")]
    public void Matches_TextBeyondTheBasicPlane_SeesWholeCodePoints(string source) => Holds(source);

    [Theory]
    [InlineData("'a.b-c@x.org'.matches(r'^[\\w-\\.]+@([\\w-]+\\.)+[\\w-]{2,4}$')")]
    [InlineData("'-'.matches(r'^[\\s-z]$') && 'z'.matches(r'^[\\s-z]$') && !'b'.matches(r'[\\s-z]')")]
    [InlineData("'1'.matches('^[[:^alpha:]]$') && !'a'.matches('[[:^alpha:]]') && 'f'.matches('^[[:xdigit:]-]+$')")]
    [InlineData("'a]'.matches('^[]a]+$') && 'b'.matches('^[^]a]$') && '^-'.matches('^[a^-]+$') && '['.matches('^[[]$')")]
    [InlineData("'a\\\\'.matches(r'^[\\\\a]+$') && 'a\\\\'.matches(r'^a\\\\$') && 'A'.matches(r'^\\101$') && '\\t'.matches(r'^[\\t]$')")]
    [InlineData("'K'.matches('(?i)^[a-z]$') && !'K'.matches('(?i)[^a-z]') && !'s'.matches(r'(?i)\\W')")]
    [InlineData("regex.replace('aab', '(?U)a+', 'x') == 'xxb' && regex.replace('aab', '(?U)a+?', 'x') == 'xb' && regex.replace('aab', '(?U:a*)b', 'x') == 'x'")]
    public void Matches_SyntaxOfRe2_MeansTheSame(string source) => Holds(source);

    [Theory]
    [InlineData(@"r'[+-\d]'")]
    [InlineData("'[z-a]'")]
    [InlineData("r'(?P<x>a)(?P<x>b)'")]
    [InlineData(@"r'(a)\1'")]
    [InlineData(@"r'\p{Klingon}'")]
    [InlineData("'a**'")]
    [InlineData("'a*??'")]
    public void Matches_WhatRe2Refuses_IsAnInvalidExpression(string pattern) =>
        Assert.Equal(CelErrorCode.InvalidRegex, Expressions.ErrorCode($"'a'.matches({pattern})"));

    [Theory]
    [InlineData("regex.replace('baaac', 'a*', 'x') == 'xbxcx'")]
    [InlineData("regex.extractAll('baaac', 'a*') == ['', 'aaa', '']")]
    [InlineData("regex.replace('\U0001F600b', '', '-') == '-\U0001F600-b-'")]
    [InlineData("regex.replace('banana', '', '-', 2) == '-b-anana'")]
    [InlineData("regex.extract('aaa', '(x*)') == optional.none() && regex.extract('aaa', 'x*') == optional.of('')")]
    [InlineData("regex.extractAll('val=a, val=, val=c', 'val=([^,]*)') == ['a', 'c']")]
    public void Replace_EmptyMatches_CountAsTheExtensionHasIt(string source) => Holds(source);

    private static void Holds(string source)
    {
        var value = Expressions.Evaluate(source);

        Assert.True(value.IsTrue, value.ToString());
    }
}
