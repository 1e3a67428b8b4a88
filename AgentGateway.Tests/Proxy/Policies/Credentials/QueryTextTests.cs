using AgentGateway.Proxy.Policies.Credentials;
using Xunit;

namespace AgentGateway.Tests.Proxy.Policies.Credentials;

public sealed class QueryTextTests
{
    [Theory]
    [InlineData("/p", "")]
    [InlineData("/p?", "")]
    [InlineData("/p?key", "")]
    [InlineData("/p?key=", "")]
    [InlineData("/p?key=a", "a")]
    [InlineData("/p?x=1&key=a%2Bb+c&key=d", "a+b c")]
    [InlineData("/p?k%65y=a", "a")]
    [InlineData("/p?monkey=a", "")]
    [InlineData("/p?Key=a", "")]
    public void Find_ByName_DecodesTheFirst(string target, string expected) => Assert.Equal(expected, QueryText.Find(target, "key").ToString());

    [Theory]
    [InlineData("/p", "/p")]
    [InlineData("/p?key=a", "/p")]
    [InlineData("/p?x=%20&key=a", "/p?x=%20")]
    [InlineData("/p?key=a&x=1&k%65y=b&y", "/p?x=1&y")]
    [InlineData("/p?x=1&&y", "/p?x=1&&y")]
    public void Remove_ByName_LeavesTheRestAsItIs(string target, string expected) => Assert.Equal(expected, QueryText.Remove(target, "key"));

    [Theory]
    [InlineData("/p", "/p?key=a%26b")]
    [InlineData("/p?key=old&x=1", "/p?x=1&key=a%26b")]
    public void Set_ByName_Replaces(string target, string expected) => Assert.Equal(expected, QueryText.Set(target, "key", "a&b"));
}
