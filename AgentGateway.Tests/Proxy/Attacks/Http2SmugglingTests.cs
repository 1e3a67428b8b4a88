using AgentGateway.Tests.Proxy.Policies;
using Xunit;

namespace AgentGateway.Tests.Proxy.Attacks;

/// <summary>
/// HTTP/2 requests that would be two requests, or another one, if they were written out as HTTP/1.1. The upstream answers 200 to every request
/// that it reads whole.
/// </summary>
public sealed class Http2SmugglingTests
{
    [Theory]
    [InlineData("transfer-encoding", "chunked")]
    [InlineData("connection", "keep-alive")]
    [InlineData("proxy-connection", "keep-alive")]
    [InlineData("upgrade", "websocket")]
    [InlineData("te", "gzip")]
    [InlineData(":status", "200")]
    [InlineData(":path", "/other")]
    [InlineData(":unknown", "1")]
    [InlineData("x-a\r\nx-smuggled", "1")]
    [InlineData("x-a", "1\r\nx-smuggled: 1")]
    [InlineData("x-a", "1\nGET /smuggled HTTP/1.1")]
    [InlineData("x-a", "1\0")]
    [InlineData("X-Upper", "1")]
    [InlineData("x a", "1")]
    [InlineData("x:a", "1")]
    [InlineData("", "1")]
    [InlineData("content-length", "5")]
    [InlineData("content-length", "1x")]
    public async Task Field_ThatWouldChangeTheMessage_NeverReachesTheUpstream(string name, string value)
    {
        await using var gateway = await EchoGateway.StartAsync();
        using var client = await RawHttp2.ConnectAsync(gateway.Port);

        var outcome = await client.AskAsync("ab", (":method", "POST"), (":scheme", "http"), (":path", "/"), (":authority", "a.test"), (name, value));

        Assert.NotEqual("200", outcome);
    }

    [Theory]
    [InlineData("/a b")]
    [InlineData("/a\r\nx-smuggled: 1")]
    [InlineData("a")]
    [InlineData("")]
    [InlineData("http://b/")]
    public async Task Path_ThatIsNone_NeverReachesTheUpstream(string path)
    {
        await using var gateway = await EchoGateway.StartAsync();
        using var client = await RawHttp2.ConnectAsync(gateway.Port);

        var outcome = await client.AskAsync(null, (":method", "GET"), (":scheme", "http"), (":path", path), (":authority", "a.test"));

        Assert.NotEqual("200", outcome);
    }

    [Theory]
    [InlineData("GET /x HTTP/1.1\r\nHost: b")]
    [InlineData("G ET")]
    [InlineData("")]
    public async Task Method_ThatIsNone_NeverReachesTheUpstream(string method)
    {
        await using var gateway = await EchoGateway.StartAsync();
        using var client = await RawHttp2.ConnectAsync(gateway.Port);

        var outcome = await client.AskAsync(null, (":method", method), (":scheme", "http"), (":path", "/"), (":authority", "a.test"));

        Assert.NotEqual("200", outcome);
    }

    [Theory]
    [InlineData("http", "a\r\nx-smuggled: 1")]
    [InlineData("http", "a b")]
    [InlineData("http", "u@a")]
    [InlineData("http", "")]
    [InlineData("ftp", "a")]
    [InlineData("http://b/?", "a")]
    public async Task Authority_ThatIsNone_NeverReachesTheUpstream(string scheme, string authority)
    {
        await using var gateway = await EchoGateway.StartAsync();
        using var client = await RawHttp2.ConnectAsync(gateway.Port);

        var outcome = await client.AskAsync(null, (":method", "GET"), (":scheme", scheme), (":path", "/"), (":authority", authority));

        Assert.NotEqual("200", outcome);
    }

    [Theory]
    [InlineData("1", "ab")]
    [InlineData("3", "ab")]
    public async Task Body_OfAnotherLengthThanSaid_NeverReachesTheUpstreamWhole(string length, string body)
    {
        await using var gateway = await EchoGateway.StartAsync();
        using var client = await RawHttp2.ConnectAsync(gateway.Port);

        var outcome = await client.AskAsync(body, (":method", "POST"), (":scheme", "http"), (":path", "/"), (":authority", "a"), ("content-length", length));

        Assert.NotEqual("200", outcome);
    }

    [Fact]
    public async Task Host_BesideTheAuthority_IsNotTheOneThatCounts()
    {
        await using var gateway = await EchoGateway.StartAsync(route => route with { Hostnames = ["authority.test"] });
        using var other = await RawHttp2.ConnectAsync(gateway.Port);
        using var right = await RawHttp2.ConnectAsync(gateway.Port);

        Assert.Equal("404", await other.AskAsync(null, (":method", "GET"), (":scheme", "http"), (":path", "/"), (":authority", "elsewhere.test"), ("host", "authority.test")));
        Assert.Equal("200", await right.AskAsync(null, (":method", "GET"), (":scheme", "http"), (":path", "/"), (":authority", "authority.test"), ("host", "elsewhere.test")));
    }

    [Fact]
    public async Task Request_InOrder_IsServed()
    {
        await using var gateway = await EchoGateway.StartAsync();
        using var client = await RawHttp2.ConnectAsync(gateway.Port);

        Assert.Equal("200", await client.AskAsync("ab", (":method", "POST"), (":scheme", "http"), (":path", "/"), (":authority", "a.test"), ("content-length", "2")));
    }
}
