using AgentGateway.Configuration;
using AgentGateway.Configuration.Snapshot.Frontend;
using AgentGateway.Configuration.Snapshot.Policies;
using AgentGateway.Tests.Proxy.Backends;
using AgentGateway.Tests.Proxy.Policies;
using Microsoft.Extensions.Time.Testing;
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
    };

    [Theory]
    [MemberData(nameof(Broken))]
    public async Task Request_ThatBreaksTheRules_IsRefusedAndTheConnectionClosed(string request, int status)
    {
        await using var gateway = await EchoGateway.StartAsync();
        using var peer = await RawPeer.ConnectAsync(gateway.Port);

        // What follows must never be taken for a request of its own.
        await peer.SendAsync(request + "GET /smuggled HTTP/1.1\r\nHost: a\r\n\r\n");
        var answer = await peer.ReadToEndAsync();

        Assert.StartsWith($"HTTP/1.1 {status} ", answer, StringComparison.Ordinal);
        Assert.DoesNotContain("/smuggled", answer, StringComparison.Ordinal);
        Assert.Equal(1, Count(answer, "HTTP/1.1 "));
    }

    [Theory]
    [InlineData("zz\r\nabc\r\n0\r\n\r\n")]
    [InlineData("3\nabc\r\n0\r\n\r\n")]
    [InlineData("3\r\nabcd\r\n0\r\n\r\n")]
    [InlineData("-1\r\nabc\r\n0\r\n\r\n")]
    [InlineData("0x3\r\nabc\r\n0\r\n\r\n")]
    [InlineData("fffffffffffffffff\r\nabc\r\n0\r\n\r\n")]
    public async Task Body_OfBrokenChunks_IsAnsweredWith400AndTheConnectionClosed(string body)
    {
        await using var gateway = await EchoGateway.StartAsync();
        using var peer = await RawPeer.ConnectAsync(gateway.Port);

        await peer.SendAsync("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n" + body + "GET /smuggled HTTP/1.1\r\nHost: a\r\n\r\n");
        var answer = await peer.ReadToEndAsync();

        Assert.StartsWith("HTTP/1.1 400 ", answer, StringComparison.Ordinal);
        Assert.DoesNotContain("/smuggled", answer, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Head_LargerThanTheBound_IsAnsweredWith431()
    {
        await using var gateway = await EchoGateway.StartAsync();

        Assert.StartsWith("HTTP/1.1 431 ", await AskAsync(gateway, $"GET / HTTP/1.1\r\nHost: a\r\nX-Large: {new string('x', 64 * 1024)}\r\n\r\n"), StringComparison.Ordinal);
        Assert.StartsWith("HTTP/1.1 431 ", await AskAsync(gateway, $"GET / HTTP/1.1\r\nHost: a\r\n{string.Concat(Enumerable.Range(0, 200).Select(i => $"x-{i}: 1\r\n"))}\r\n"), StringComparison.Ordinal);
        Assert.StartsWith("HTTP/1.1 414 ", await AskAsync(gateway, $"GET /{new string('x', 64 * 1024)} HTTP/1.1\r\nHost: a\r\n\r\n"), StringComparison.Ordinal);
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
    [InlineData("")]
    [InlineData("PRI * HT")]
    public async Task Client_ThatSaysNothingWhole_IsCutAtTheHandshakeTimeout(string start)
    {
        var time = new FakeTimeProvider();
        await using var gateway = await EchoGateway.StartAsync(route => route, time);
        using var peer = await RawPeer.ConnectAsync(gateway.Port);
        await peer.SendAsync(start);

        // Advances until the gateway has armed its timer and the timer has fired.
        var ended = peer.ReadToEndAsync();
        while (!ended.IsCompleted)
        {
            time.Advance(TimeSpan.FromSeconds(5));
            await Task.WhenAny(ended, Task.Delay(20, TestContext.Current.CancellationToken));
        }

        Assert.Equal("", await ended);
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
        await peer.SendAsync(request);
        return await peer.ReadToEndAsync();
    }

    private static int Count(string text, string part) => text.Split(part).Length - 1;
}
