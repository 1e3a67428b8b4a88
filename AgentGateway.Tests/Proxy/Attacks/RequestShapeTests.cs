using AgentGateway.Configuration;
using AgentGateway.Configuration.Snapshot.Frontend;
using AgentGateway.Configuration.Snapshot.Policies;
using AgentGateway.Tests.Proxy.Backends;
using AgentGateway.Tests.Proxy.Policies;
using Xunit;

namespace AgentGateway.Tests.Proxy.Attacks;

/// <summary>HTTP/1.1 requests that break the rules, or that two readers would read differently: refused, the connection closed, nothing sent on.</summary>
public sealed class RequestShapeTests
{
    public static TheoryData<string, int> Broken { get; } = new()
    {
        { "GET / HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400 },
        { "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\nContent-Length: 3\r\n\r\n0\r\n\r\n", 400 },
        { "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\nContent-Length: 4\r\n\r\nabcd", 400 },
        { "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 3, 4\r\n\r\nabcd", 400 },
        { "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: -1\r\n\r\n", 400 },
        { "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 99999999999999999999\r\n\r\n", 400 },
        { "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n", 501 },
        { "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n", 400 },
        { "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: xchunked\r\n\r\n0\r\n\r\n", 400 },
        { "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding:\u000bchunked\r\n\r\n0\r\n\r\n", 400 },
        { "POST / HTTP/1.0\r\nHost: a\r\nConnection: keep-alive\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400 },
        { "GET / HTTP/1.1\r\nHost: a\r\nX-Folded: a\r\n b\r\n\r\n", 400 },
        { "GET / HTTP/1.1\r\nHost : a\r\n\r\n", 400 },
        { "GET / HTTP/1.1\r\nHost: a\r\n: empty\r\n\r\n", 400 },
        { "GET / HTTP/1.1\r\nHost: a\r\nX Y: 1\r\n\r\n", 400 },
        { "GET / HTTP/1.1\r\nHost: a\r\nX-A: a\0b\r\n\r\n", 400 },
        { "GET / HTTP/1.1\r\nHost: a\r\nno colon\r\n\r\n", 400 },
        { "GET / HTTP/1.1\nHost: a\n\n", 400 },
        { "GET / HTTP/1.1\r\nHost: a\nX-Bare: 1\r\n\r\n", 400 },
        { "GET / HTTP/1.1\r\n\r\n", 400 },
        { "GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n", 400 },
        { "GET /a b HTTP/1.1\r\nHost: a\r\n\r\n", 400 },
        { "GET / HTTP/3.0\r\nHost: a\r\n\r\n", 505 },
        { "garbage\r\n\r\n", 400 },
        { "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 501 },
        { "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: identity\r\nContent-Length: 1\r\n\r\nx", 400 },
        { "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: \x0b" + "chunked\r\n\r\n0\r\n\r\n", 400 },
        { "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding : chunked\r\n\r\n0\r\n\r\n", 400 },
        { "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding:\r\n chunked\r\n\r\n0\r\n\r\n", 400 },
        { "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 0x5\r\n\r\nhello", 400 },
        { "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5, 5\r\n\r\nhello", 400 },
        { "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5 5\r\n\r\nhello", 400 },
        { "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nContent-Length: 5\r\n\r\nhello", 400 },
        { "POST / HTTP/1.1\r\nHost: a\r\nContent-Length:\r\n\r\nhello", 400 },
        { "GET / HTTP/1.1\r\nHost: a\r\nX: 1\rX-Evil: 1\r\n\r\n", 400 },
        { "GET / HTTP/1.1\r\nHost: a\r\nX: 1\0\r\n\r\n", 400 },
        { "GET / HTTP/1.1\r\nHost: a\r\n X: 1\r\n\r\n", 400 },
        { "GET / HTTP/1.1\r\nHost: a\n\n", 400 },
        { "GET / HTTP/1.1\nHost: a\r\n\r\n", 400 },
        { "GET / HTTP/1.1\r\nHost: a b\r\n\r\n", 400 },
        { "GET / HTTP/1.1\r\nHost: a/b\r\n\r\n", 400 },
        { "GET / HTTP/1.1\r\nHost: u@b\r\n\r\n", 400 },
        { "GET / HTTP/1.1\r\nHost: a:port\r\n\r\n", 400 },
        { "GET a:80 HTTP/1.1\r\nHost: a\r\n\r\n", 405 },
        { "GET * HTTP/1.1\r\nHost: a\r\n\r\n", 405 },
        { "GET /\0 HTTP/1.1\r\nHost: a\r\n\r\n", 400 },
        { "GET /\x80 HTTP/1.1\r\nHost: a\r\n\r\n", 400 },
        { "GET /%00 HTTP/1.1\r\nHost: a\r\n\r\n", 400 },
        { "GET  / HTTP/1.1\r\nHost: a\r\n\r\n", 400 },
        { "GET / HTTP/1.10\r\nHost: a\r\n\r\n", 400 },
        { "GET / HTTP/2.0\r\nHost: a\r\n\r\n", 505 },
        { "GET / HTTP/3\r\nHost: a\r\n\r\n", 400 },
        { "GET / http/1.1\r\nHost: a\r\n\r\n", 505 },
        { "G(T / HTTP/1.1\r\nHost: a\r\n\r\n", 400 },
        { "GET /\r\n\r\n", 400 },
        { "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: +5\r\n\r\nhello", 400 },
        { "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5.0\r\n\r\nhello", 400 },
        { "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 0000000000000000000000005\r\n\r\nhello", 400 },
    };

    [Theory]
    [MemberData(nameof(Broken))]
    public async Task Request_ThatBreaksTheRules_IsRefusedAndReachesNoUpstream(string request, int status)
    {
        await using var gateway = await EchoGateway.StartAsync();
        using var peer = await RawPeer.ConnectAsync(gateway.Port);

        // What follows must never be taken for a request of its own.
        await peer.SendAsync(request + "GET /smuggled HTTP/1.1\r\nHost: a\r\n\r\n");
        var answer = await peer.ReadToEndAsync();

        Assert.StartsWith($"HTTP/1.1 {status} ", answer, StringComparison.Ordinal);
        Assert.DoesNotContain("smuggled", answer, StringComparison.Ordinal);
        Assert.Equal(1, Count(answer, "HTTP/1.1 "));
        Assert.Equal(0, gateway.UpstreamConnections);
        Assert.StartsWith("HTTP/1.1 200", (await gateway.SendAsync("GET /next HTTP/1.1\r\nHost: a\r\n\r\n")).Head, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("5")]
    [InlineData("05")]
    [InlineData("  5\t")]
    public async Task Length_OfDigits_IsPassedInItsOneForm(string length)
    {
        await using var gateway = await EchoGateway.StartAsync();

        var (_, seen) = await gateway.SendAsync($"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: {length}\r\n\r\nhello");

        Assert.Contains("\r\nContent-Length: 5\r\n", seen, StringComparison.Ordinal);
        Assert.EndsWith("\r\n\r\nhello", seen, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("X(y): 1")]
    [InlineData("X\"y\": 1")]
    [InlineData("X\x80: 1")]
    public async Task FieldName_ThatIsNoToken_Answers400AndIsNotPassed(string field)
    {
        await using var upstream = RawUpstream.Start(async peer => Assert.Equal("", await peer.ReadToEndAsync()));
        await using var gateway = await TestGateway.StartAsync(upstream.Backend);
        using var client = await RawPeer.ConnectAsync(gateway.Address.Port);

        await client.SendAsync($"GET / HTTP/1.1\r\nHost: a\r\n{field}\r\nConnection: close\r\n\r\n");

        Assert.StartsWith("HTTP/1.1 400 ", await client.ReadToEndAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Head_LargerThanTheBound_IsAnsweredWith431Or414()
    {
        await using var gateway = await EchoGateway.StartAsync();

        Assert.StartsWith("HTTP/1.1 431 ", await AskAsync(gateway, $"GET / HTTP/1.1\r\nHost: a\r\nX-Large: {new string('x', 64 * 1024)}\r\n\r\n"), StringComparison.Ordinal);
        Assert.StartsWith("HTTP/1.1 431 ", await AskAsync(gateway, $"GET / HTTP/1.1\r\nHost: a\r\n{string.Concat(Enumerable.Range(0, 200).Select(i => $"x-{i}: 1\r\n"))}\r\n"), StringComparison.Ordinal);
        Assert.StartsWith("HTTP/1.1 414 ", await AskAsync(gateway, $"GET /{new string('x', 64 * 1024)} HTTP/1.1\r\nHost: a\r\n\r\n"), StringComparison.Ordinal);
        Assert.StartsWith("HTTP/1.1 414 ", await AskAsync(gateway, $"GET /{new string('x', 33_000)} HTTP/1.1\r\nHost: a\r\n\r\n"), StringComparison.Ordinal);
        Assert.Equal(0, gateway.UpstreamConnections);
    }

    [Fact]
    public async Task Headers_MoreThanConfigured_AreAnsweredWith431()
    {
        await using var upstream = EchoGateway.Echo();
        var snapshot = EchoGateway.Snapshot(upstream.Backend, route => route) with { Frontend = new FrontendSnapshot { Http = new FrontendHttpSnapshot { Http1MaxHeaders = 3 } } };
        await using var gateway = await TestGateway.StartAsync(snapshot);
        using var peer = await RawPeer.ConnectAsync(gateway.Address.Port);

        await peer.SendAsync("GET / HTTP/1.1\r\nHost: a\r\na: 1\r\nb: 1\r\nc: 1\r\n\r\n");

        Assert.StartsWith("HTTP/1.1 431 ", await peer.ReadToEndAsync(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("\"a\\r\\nx-injected: 1\"")]
    [InlineData("\"a\\nx-injected: 1\"")]
    [InlineData("\"a\\u0000\"")]
    public async Task Value_OfAnExpression_NeverBreaksTheMessage(string expression)
    {
        await using var gateway = await EchoGateway.StartAsync(
            new TransformationPolicy
            {
                Request = new Transformation { Set = new EquatableMap<Expression>([new KeyValuePair<string, Expression>("x-a", new Expression(expression))]) },
            });

        using var response = await gateway.GetAsync("/");
        var text = await response.TextAsync();

        Assert.NotEqual(200, (int)response.StatusCode);
        Assert.DoesNotContain("x-injected", text, StringComparison.OrdinalIgnoreCase);
        Assert.Equal(0, gateway.UpstreamConnections);
    }

    [Fact]
    public async Task Path_WithEncodedLineBreaks_StaysOneLine()
    {
        await using var gateway = await EchoGateway.StartAsync(new UrlRewrite { Path = new PathRewrite(Prefix: true, "/new") });

        using var response = await gateway.GetAsync("/%0d%0aX-Injected:%201?q=%0d%0a");

        Assert.StartsWith("GET /new/%0d%0aX-Injected:%201?q=%0d%0a HTTP/1.1\r\n", await response.TextAsync(), StringComparison.Ordinal);
    }

    private static async Task<string> AskAsync(EchoGateway gateway, string request)
    {
        using var peer = await RawPeer.ConnectAsync(gateway.Port);
        await peer.SendWhileTakenAsync(request);
        return await peer.ReadToEndAsync();
    }

    private static int Count(string text, string part) => text.Split(part).Length - 1;
}
