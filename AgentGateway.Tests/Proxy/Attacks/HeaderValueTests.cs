using AgentGateway.Tests.Proxy.Backends;
using AgentGateway.Tests.Proxy.Policies;
using Xunit;

namespace AgentGateway.Tests.Proxy.Attacks;

/// <summary>Values of headers that are no plain ASCII, or that want to be more than a value, on their way through the gateway.</summary>
public sealed class HeaderValueTests
{
    // RawPeer sends and reads each character as one byte: this is é in UTF-8.
    private const string Utf8 = "\u00c3\u00a9";

    [Theory]
    [InlineData(Utf8, Utf8)]
    [InlineData("\u00e9", Utf8)] // ISO 8859-1, which text of headers once was.
    public async Task Response_ValueOfTheUpstreamBeyondAscii_Passes(string sent, string received)
    {
        await using var upstream = RawUpstream.Answering($"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nX-Title: {sent}\r\n\r\nok");
        await using var gateway = await ConfiguredRoute.StartAsync(upstream.Port, "{}");

        var (head, body) = await gateway.SendRawAsync("GET / HTTP/1.1\r\nHost: a\r\n\r\n");

        Assert.StartsWith("HTTP/1.1 200 ", head, StringComparison.Ordinal);
        Assert.Contains($"\r\nX-Title: {received}\r\n", head, StringComparison.OrdinalIgnoreCase);
        Assert.Equal("ok", body);
    }

    [Theory]
    [InlineData("{responseHeaderModifier: {set: {x-title: é}}}")]
    [InlineData("{transformations: {response: {set: {x-title: '\"é\"'}}}}")]
    [InlineData("{directResponse: {status: 200, headers: {x-title: '\"é\"'}}}")]
    public async Task Response_ValueOfAPolicyBeyondAscii_IsSent(string route)
    {
        await using var upstream = EchoGateway.Echo();
        await using var gateway = await ConfiguredRoute.StartAsync(upstream.Port, route);

        var (head, _) = await gateway.SendRawAsync("GET / HTTP/1.1\r\nHost: a\r\n\r\n");

        Assert.StartsWith("HTTP/1.1 200 ", head, StringComparison.Ordinal);
        Assert.Contains($"x-title: {Utf8}\r\n", head, StringComparison.OrdinalIgnoreCase);
    }

    [Theory]
    [InlineData("GET", "Origin: http://" + Utf8, "Access-Control-Allow-Origin: http://" + Utf8)]
    [InlineData("OPTIONS", "Origin: http://a\r\nAccess-Control-Request-Method: G\u0001T", "Access-Control-Allow-Methods: *")]
    [InlineData("OPTIONS", "Origin: http://a\r\nAccess-Control-Request-Headers: x\u0001", "Access-Control-Allow-Headers: *")]
    public async Task Cors_WordsOfTheClient_AreEchoedOnlyAsTheyMayStandInAHeader(string method, string asked, string answered)
    {
        await using var upstream = EchoGateway.Echo();
        await using var gateway = await ConfiguredRoute.StartAsync(upstream.Port, "{cors: {allowOrigins: ['*'], allowMethods: ['*'], allowHeaders: ['*']}}");

        var (head, _) = await gateway.SendRawAsync($"{method} / HTTP/1.1\r\nHost: a\r\n{asked}\r\n\r\n");

        Assert.StartsWith("HTTP/1.1 200 ", head, StringComparison.Ordinal);
        Assert.Contains($"\r\n{answered}\r\n", head, StringComparison.OrdinalIgnoreCase);
    }

    [Theory]
    [InlineData("{requestHeaderModifier: {set: {content-length: '3', transfer-encoding: chunked}, add: {content-length: '4'}}}", "{}")]
    [InlineData("{transformations: {request: {set: {content-length: '\"3\"', transfer-encoding: '\"chunked\"'}}}}", "{}")]
    [InlineData("{}", "{requestHeaderModifier: {set: {content-length: '3'}}}")]
    [InlineData("{}", "{transformations: {request: {set: {content-length: '\"3\"'}}}}")]
    public async Task Request_LengthThatAPolicyMakesUp_IsNotSent(string route, string backend)
    {
        await using var upstream = EchoGateway.Echo();
        await using var gateway = await ConfiguredRoute.StartAsync(upstream.Port, route, backend);

        var (_, body) = await gateway.SendRawAsync("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\n0123456789");

        Assert.Contains("Content-Length: 10\r\n", body, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("transfer-encoding", body, StringComparison.OrdinalIgnoreCase);
        Assert.EndsWith("\r\n\r\n0123456789", body, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{responseHeaderModifier: {set: {content-length: '3', transfer-encoding: chunked}}}")]
    [InlineData("{transformations: {response: {set: {content-length: '\"3\"', transfer-encoding: '\"chunked\"'}}}}")]
    [InlineData("{directResponse: {status: 200, body: '0123456789', headers: {content-length: '\"3\"', transfer-encoding: '\"chunked\"'}}}")]
    public async Task Response_LengthThatAPolicyMakesUp_IsNotSent(string route)
    {
        await using var upstream = RawUpstream.Answering("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n0123456789");
        await using var gateway = await ConfiguredRoute.StartAsync(upstream.Port, route);

        var (head, body) = await gateway.SendRawAsync("GET / HTTP/1.1\r\nHost: a\r\n\r\n");

        Assert.Contains("Content-Length: 10\r\n", head, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("transfer-encoding", head, StringComparison.OrdinalIgnoreCase);
        Assert.Equal("0123456789", body);
    }

    [Fact]
    public async Task Paths_OfPoliciesBeyondAscii_ArePercentEncoded()
    {
        await using var upstream = EchoGateway.Echo();
        await using var rewriting = await ConfiguredRoute.StartAsync(upstream.Port, "{urlRewrite: {path: {full: /é%41}}}");
        await using var redirecting = await ConfiguredRoute.StartAsync(upstream.Port, "{requestRedirect: {path: {full: /é%41}}}");

        var (_, rewritten) = await rewriting.SendRawAsync("GET /?q=1 HTTP/1.1\r\nHost: a\r\n\r\n");
        var (redirected, _) = await redirecting.SendRawAsync("GET /?q=1 HTTP/1.1\r\nHost: a\r\n\r\n");

        Assert.StartsWith("GET /%C3%A9%41?q=1 HTTP/1.1\r\n", rewritten, StringComparison.Ordinal);
        Assert.Contains("\r\nLocation: http://a/%C3%A9%41?q=1\r\n", redirected, StringComparison.OrdinalIgnoreCase);
    }
}
