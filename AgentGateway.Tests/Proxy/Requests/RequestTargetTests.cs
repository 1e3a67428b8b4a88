using AgentGateway.Configuration.Snapshot;
using AgentGateway.Configuration.Snapshot.Policies;
using AgentGateway.Tests.Proxy.Policies;
using Xunit;

namespace AgentGateway.Tests.Proxy.Requests;

public sealed class RequestTargetTests
{
    [Theory]
    [InlineData("/a/b?c=d", "other.example", "/a/b?c=d", "other.example")]
    [InlineData("http://abs.example:81/a/b?c=d", "other.example", "/a/b?c=d", "abs.example:81")]
    [InlineData("http://abs.example", "other.example", "/", "abs.example")]
    [InlineData("http://abs.example?c=d", "other.example", "/?c=d", "abs.example")]
    [InlineData("http://ABS.example/x", "abs.example", "/x", "ABS.example")]
    [InlineData("/%2e%2e/%41", "other.example", "/%2e%2e/%41", "other.example")]
    [InlineData("//double//slash", "other.example", "//double//slash", "other.example")]
    public async Task Target_AnyForm_ReachesTheUpstreamInOriginForm(string target, string host, string expectedTarget, string expectedHost)
    {
        await using var gateway = await EchoGateway.StartAsync();

        var (_, seen) = await gateway.SendAsync($"GET {target} HTTP/1.1\r\nHost: {host}\r\n\r\n");

        Assert.StartsWith($"GET {expectedTarget} HTTP/1.1\r\nHost: {expectedHost}\r\n", seen, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("abs.example", true)]
    [InlineData("ABS.EXAMPLE:80", true)]
    [InlineData("abs.example.", true)]
    [InlineData("other.example", false)]
    public async Task Target_Host_ChoosesTheRouteWithoutPortDotAndCase(string host, bool isFound)
    {
        await using var gateway = await EchoGateway.StartAsync(route => route with { Hostnames = ["abs.example"] });

        var (head, _) = await gateway.SendAsync($"GET / HTTP/1.1\r\nHost: {host}\r\n\r\n");

        Assert.StartsWith(isFound ? "HTTP/1.1 200" : "HTTP/1.1 404", head, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("2001:db8::1", "[2001:db8::1]:8080", true)]
    [InlineData("[2001:DB8::1]", "[2001:db8::1]", true)]
    [InlineData("::1", "[::2]", false)]
    [InlineData("abs.example:8080", "abs.example", true)]
    public async Task Host_OfAConfiguredAddress_IsComparedWithoutBracketsAndPort(string hostname, string host, bool isFound)
    {
        await using var byRoute = await EchoGateway.StartAsync(route => route with { Hostnames = [hostname] });
        await using var byListener = await EchoGateway.StartAsync(route => route, listener => listener with { Hostname = hostname });

        var (routed, _) = await byRoute.SendAsync($"GET / HTTP/1.1\r\nHost: {host}\r\n\r\n");
        var (listened, _) = await byListener.SendAsync($"GET / HTTP/1.1\r\nHost: {host}\r\n\r\n");

        Assert.StartsWith(isFound ? "HTTP/1.1 200" : "HTTP/1.1 404", routed, StringComparison.Ordinal);
        Assert.StartsWith(isFound ? "HTTP/1.1 200" : "HTTP/1.1 404", listened, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/a#b")]
    [InlineData("/a?b#c")]
    [InlineData("http://a/b#c")]
    [InlineData("/a\u0001b")]
    [InlineData("/a\u007fb")]
    public async Task Target_WithAFragmentOrAControlCharacter_IsInvalid(string target)
    {
        await using var gateway = await EchoGateway.StartAsync();

        var (head, body) = await gateway.SendAsync($"GET {target} HTTP/1.1\r\nHost: a\r\n\r\n");

        Assert.StartsWith("HTTP/1.1 400 ", head, StringComparison.Ordinal);
        Assert.True(body is "invalid request" or "", body);
    }

    [Theory]
    [InlineData('\u0001')]
    [InlineData('\u001b')]
    [InlineData('\u007f')]
    public async Task Header_WithAControlCharacter_IsInvalid(char control)
    {
        await using var gateway = await EchoGateway.StartAsync();

        var (head, body) = await gateway.SendAsync($"GET / HTTP/1.1\r\nHost: a\r\nX-A: a{control}b\r\n\r\n");

        Assert.StartsWith("HTTP/1.1 400 ", head, StringComparison.Ordinal);
        Assert.Equal("invalid request", body);
    }

    [Fact]
    public async Task Target_AbsoluteForm_ItsAuthorityChoosesTheRouteAndNotHost()
    {
        await using var gateway = await EchoGateway.StartAsync(route => route with { Hostnames = ["abs.example"] });

        var (byTarget, _) = await gateway.SendAsync("GET http://abs.example/ HTTP/1.1\r\nHost: other.example\r\n\r\n");
        var (byHost, _) = await gateway.SendAsync("GET http://other.example/ HTTP/1.1\r\nHost: abs.example\r\n\r\n");

        Assert.StartsWith("HTTP/1.1 200", byTarget, StringComparison.Ordinal);
        Assert.StartsWith("HTTP/1.1 404", byHost, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Listener_HostnamesOfOnePort_AreIsolated()
    {
        await using var upstream = EchoGateway.Echo();
        var snapshot = EchoGateway.Snapshot(upstream.Backend, route => route);
        var bind = snapshot.Binds[0];
        var route = bind.Listeners[0].Routes[0];
        await using var gateway = await TestGateway.StartAsync(snapshot with
        {
            Binds =
            [
                bind with
                {
                    Listeners =
                    [
                        bind.Listeners[0] with { Key = "any", Hostname = "", Routes = [Answering(route, 201)] },
                        bind.Listeners[0] with { Key = "suffix", Hostname = "*.example.com", Routes = [Answering(route, 202) with { Matches = [new RouteMatchSnapshot { Path = new(PathMatchKind.Exact, "/only") }] }] },
                        bind.Listeners[0] with { Key = "longer", Hostname = "*.api.example.com", Routes = [Answering(route, 203)] },
                        bind.Listeners[0] with { Key = "exact", Hostname = "a.example.com", Routes = [Answering(route, 204)] },
                    ],
                },
            ],
        });

        Assert.Equal(204, await StatusAsync(gateway, "a.example.com", "/"));
        Assert.Equal(203, await StatusAsync(gateway, "a.api.example.com", "/"));
        Assert.Equal(202, await StatusAsync(gateway, "b.example.com", "/only"));
        Assert.Equal(201, await StatusAsync(gateway, "example.com", "/"));

        // The chosen listener has no such route; those of a less specific one are not looked at.
        Assert.Equal(404, await StatusAsync(gateway, "b.example.com", "/"));
    }

    private static RouteSnapshot Answering(RouteSnapshot route, int status) => route with { Policies = [new DirectResponse { Status = status }] };

    private static async Task<int> StatusAsync(TestGateway gateway, string host, string path)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(path, UriKind.Relative)) { Headers = { Host = host } };
        using var response = await gateway.Client.SendAsync(request, TestContext.Current.CancellationToken);
        return (int)response.StatusCode;
    }
}
