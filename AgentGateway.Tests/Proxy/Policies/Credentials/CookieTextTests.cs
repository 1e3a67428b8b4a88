using AgentGateway.Proxy.Policies.Credentials;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;
using Xunit;

namespace AgentGateway.Tests.Proxy.Policies.Credentials;

public sealed class CookieTextTests
{
    [Theory]
    [InlineData("", "")]
    [InlineData("token=a", "a")]
    [InlineData("x=1;token=a=b; y=2", "a=b")]
    [InlineData("xtoken=1", "")]
    public void Find_ByName_IsTheFirst(string cookie, string expected) => Assert.Equal(expected, CookieText.Find(cookie, "token").ToString());

    [Fact]
    public void Remove_OverSeveralLines_KeepsTheOthers()
    {
        var headers = new HeaderDictionary { ["Cookie"] = new StringValues(["a=1; token=x", "token=y; b=2"]) };

        CookieText.Remove(headers, "token");

        Assert.Equal("a=1; b=2", headers["Cookie"].ToString());
    }

    [Fact]
    public void RemovePrefixed_LastCookie_RemovesTheHeader()
    {
        var headers = new HeaderDictionary { ["Cookie"] = "agw_oidc_s_1=a; agw_oidc_t=b" };

        CookieText.RemovePrefixed(headers, "agw_oidc_");

        Assert.False(headers.ContainsKey("Cookie"));
    }

    [Fact]
    public void Set_Existing_Replaces()
    {
        var headers = new HeaderDictionary { ["Cookie"] = "token=old; a=1" };

        CookieText.Set(headers, "token", "new");

        Assert.Equal("a=1; token=new", headers["Cookie"].ToString());
    }
}
