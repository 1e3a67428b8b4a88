using AgentGateway.Proxy.Mcp.Upstreams;
using Xunit;

namespace AgentGateway.Tests.Proxy.Mcp.Upstreams;

public sealed class LegacySseEndpointTests
{
    private static readonly Uri Stream = new("http://server.test:3001/base/sse?key=1");

    [Theory]
    [InlineData("/messages?sessionId=1", "/messages?sessionId=1")]
    [InlineData("messages", "/base/messages")]
    [InlineData("../messages/", "/messages/")]
    [InlineData("?sessionId=a%2Fb", "/base/sse?sessionId=a%2Fb")]
    [InlineData(" http://SERVER.test:3001/m ", "/m")]
    [InlineData("https://server.test:3001/m", "/m")]
    [InlineData("http://public.test/m?x", "/m?x")]
    [InlineData("//server.test:3001/m", "/m")]
    public void Resolve_OnTheSameServer_GivesPathAndQuery(string text, string expected) =>
        Assert.Equal(expected, LegacySseEndpoint.Resolve(Stream, "public.test", text));

    [Theory]
    [InlineData("http://evil.test/m")]
    [InlineData("//evil.test/m")]
    [InlineData("http://server.test/m")]
    [InlineData("http://server.test:3001@evil.test/m")]
    [InlineData("http://user@server.test:3001/m")]
    [InlineData("file:///etc/passwd")]
    [InlineData("javascript:alert(1)")]
    [InlineData("http://[")]
    [InlineData("")]
    [InlineData("  ")]
    public void Resolve_Elsewhere_GivesNothing(string text) => Assert.Null(LegacySseEndpoint.Resolve(Stream, null, text));

    [Fact]
    public void Resolve_TooLong_GivesNothing() => Assert.Null(LegacySseEndpoint.Resolve(Stream, null, "/" + new string('a', 9000)));
}
