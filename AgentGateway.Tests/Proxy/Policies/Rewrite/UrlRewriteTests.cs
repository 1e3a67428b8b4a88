using System.Net;
using AgentGateway.Configuration.Snapshot;
using AgentGateway.Configuration.Snapshot.Policies;
using AgentGateway.Tests.Proxy.Backends;
using Xunit;

namespace AgentGateway.Tests.Proxy.Policies.Rewrite;

public sealed class UrlRewriteTests
{
    [Theory]
    [InlineData("/foo", "/xyz", "/foo/bar", "/xyz/bar")]
    [InlineData("/foo", "/xyz/", "/foo/bar", "/xyz/bar")]
    [InlineData("/foo/", "/xyz", "/foo/bar", "/xyz/bar")]
    [InlineData("/foo/", "/xyz/", "/foo/bar", "/xyz/bar")]
    [InlineData("/foo", "/xyz", "/foo", "/xyz")]
    [InlineData("/foo", "/xyz", "/foo/", "/xyz/")]
    [InlineData("/foo", "/", "/foo/bar", "/bar")]
    [InlineData("/foo", "/", "/foo/", "/")]
    [InlineData("/foo", "/", "/foo", "/")]
    [InlineData("/", "/xyz", "/a/b", "/xyz/a/b")]
    [InlineData("/foo", "/xyz", "/foo/a%2Fb?x=1&y=%20", "/xyz/a%2Fb?x=1&y=%20")]
    public async Task UrlRewrite_Prefix_ReplacesWholeSegmentsAndKeepsTheQuery(string prefix, string replacement, string target, string expected)
    {
        await using var gateway = await EchoGateway.StartAsync(route => route with
        {
            Matches = [new RouteMatchSnapshot { Path = new PathMatchSnapshot(PathMatchKind.Prefix, prefix) }],
            Policies = [new UrlRewrite { Path = new PathRewrite(true, replacement) }],
        });

        var (_, seen) = await gateway.SendAsync($"GET {target} HTTP/1.1\r\nHost: a.example\r\n\r\n");

        Assert.StartsWith($"GET {expected} HTTP/1.1\r\n", seen, StringComparison.Ordinal);
    }

    [Fact]
    public async Task UrlRewrite_FullPath_KeepsTheQuery()
    {
        await using var gateway = await EchoGateway.StartAsync(new UrlRewrite { Path = new PathRewrite(false, "/v2/users") });

        var (_, seen) = await gateway.SendAsync("GET /anything?id=1 HTTP/1.1\r\nHost: a.example\r\n\r\n");

        Assert.StartsWith("GET /v2/users?id=1 HTTP/1.1\r\n", seen, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/anything?id=1", "/v2?all=1&id=1")]
    [InlineData("/anything", "/v2?all=1")]
    [InlineData("/anything?", "/v2?all=1")]
    public async Task UrlRewrite_FullPathWithAQuery_StandsBeforeThatOfTheRequest(string target, string expected)
    {
        await using var gateway = await EchoGateway.StartAsync(new UrlRewrite { Path = new PathRewrite(false, "/v2?all=1") });

        var (_, seen) = await gateway.SendAsync($"GET {target} HTTP/1.1\r\nHost: a.example\r\n\r\n");

        Assert.StartsWith($"GET {expected} HTTP/1.1\r\n", seen, StringComparison.Ordinal);
    }

    [Fact]
    public async Task UrlRewrite_PrefixOnAnExactMatch_Fails()
    {
        await using var gateway = await EchoGateway.StartAsync(route => route with
        {
            Matches = [new RouteMatchSnapshot { Path = new PathMatchSnapshot(PathMatchKind.Exact, "/foo") }],
            Policies = [new UrlRewrite { Path = new PathRewrite(true, "/bar") }],
        });

        using var response = await gateway.GetAsync("/foo");

        Assert.Equal(HttpStatusCode.InternalServerError, response.StatusCode);
        Assert.StartsWith("failed to apply filters: ", await response.TextAsync(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(AuthorityRewriteKind.Full, "b.example:81", 0, "a.example:8080", "b.example:81")]
    [InlineData(AuthorityRewriteKind.Host, "b.example", 0, "a.example:8080", "b.example:8080")]
    [InlineData(AuthorityRewriteKind.Host, "b.example", 0, "a.example:80", "b.example")]
    [InlineData(AuthorityRewriteKind.Host, "b.example", 0, "a.example", "b.example")]
    [InlineData(AuthorityRewriteKind.Port, "", 81, "a.example:8080", "a.example:81")]
    [InlineData(AuthorityRewriteKind.Port, "", 80, "a.example:8080", "a.example")]
    [InlineData(AuthorityRewriteKind.Port, "", 81, "[::1]:8080", "[::1]:81")]
    [InlineData(AuthorityRewriteKind.None, "", 0, "a.example:8080", "a.example:8080")]
    [InlineData(AuthorityRewriteKind.Auto, "", 0, "a.example:8080", "a.example:8080")]
    public async Task UrlRewrite_Authority_IsWhatAnUpstreamByAddressSees(AuthorityRewriteKind kind, string value, int port, string host, string expected)
    {
        await using var gateway = await EchoGateway.StartAsync(new UrlRewrite { Authority = new AuthorityRewrite(kind, value, port) });

        var (_, seen) = await gateway.SendAsync($"GET / HTTP/1.1\r\nHost: {host}\r\n\r\n");

        Assert.Contains($"Host: {expected}\r\n", seen, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(null, "localhost:PORT")]
    [InlineData(AuthorityRewriteKind.Auto, "localhost:PORT")]
    [InlineData(AuthorityRewriteKind.None, "a.example")]
    [InlineData(AuthorityRewriteKind.Full, "b.example")]
    public async Task UrlRewrite_AuthorityOfANamedUpstream_ExplicitWins(AuthorityRewriteKind? kind, string expected)
    {
        await using var upstream = EchoGateway.Echo();
        var backend = new HostBackendSnapshot { Key = "/named", Target = new TargetAddress("localhost", upstream.Port) };
        await using var gateway = await TestGateway.StartAsync(EchoGateway.Snapshot(backend, route => kind is { } rewrite
            ? route with { Policies = [new UrlRewrite { Authority = new AuthorityRewrite(rewrite, "b.example") }] }
            : route));
        using var client = await RawPeer.ConnectAsync(gateway.Address.Port);

        await client.SendAsync("GET / HTTP/1.1\r\nHost: a.example\r\n\r\n");
        var (_, seen) = await client.ReadResponseAsync();

        Assert.Contains($"Host: {expected.Replace("PORT", $"{upstream.Port}", StringComparison.Ordinal)}\r\n", seen, StringComparison.Ordinal);
    }
}
