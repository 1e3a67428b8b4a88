using AgentGateway.Configuration.Snapshot;
using AgentGateway.Configuration.Snapshot.Policies;
using Xunit;

namespace AgentGateway.Tests.Proxy.Policies.Redirect;

public sealed class RequestRedirectTests
{
    public static TheoryData<RequestRedirect, string, string, string> Redirects => new()
    {
        { new RequestRedirect { Scheme = "https" }, "a.example", "/foo/x?q=1", "https://a.example/foo/x?q=1" },
        { new RequestRedirect { Scheme = "https" }, "a.example:80", "/foo", "https://a.example/foo" },
        { new RequestRedirect { Scheme = "https" }, "a.example:8080", "/foo", "https://a.example:8080/foo" },
        { new RequestRedirect { Authority = new AuthorityRewrite(AuthorityRewriteKind.Full, "b.example:99") }, "a.example", "/foo", "http://b.example:99/foo" },
        { new RequestRedirect { Authority = new AuthorityRewrite(AuthorityRewriteKind.Host, "b.example") }, "a.example:80", "/foo", "http://b.example/foo" },
        { new RequestRedirect { Authority = new AuthorityRewrite(AuthorityRewriteKind.Host, "b.example") }, "a.example:8080", "/foo", "http://b.example:8080/foo" },
        { new RequestRedirect { Authority = new AuthorityRewrite(AuthorityRewriteKind.Port, Port: 8443), Scheme = "https" }, "a.example", "/foo", "https://a.example:8443/foo" },
        { new RequestRedirect { Authority = new AuthorityRewrite(AuthorityRewriteKind.Port, Port: 443), Scheme = "https" }, "a.example:1", "/foo", "https://a.example/foo" },
        { new RequestRedirect { Path = new PathRewrite(true, "/bar") }, "a.example", "/foo/x?q=1", "http://a.example/bar/x?q=1" },
        { new RequestRedirect { Path = new PathRewrite(false, "/all") }, "a.example", "/foo/x?q=1", "http://a.example/all?q=1" },
    };

    [Theory]
    [MemberData(nameof(Redirects))]
    public async Task RequestRedirect_Settings_GiveTheLocation(RequestRedirect settings, string host, string target, string expected)
    {
        await using var gateway = await StartAsync(settings);

        var (head, body) = await gateway.SendAsync($"GET {target} HTTP/1.1\r\nHost: {host}\r\n\r\n");

        Assert.StartsWith("HTTP/1.1 302 Found\r\n", head, StringComparison.Ordinal);
        Assert.Contains($"Location: {expected}\r\n", head, StringComparison.Ordinal);
        Assert.Equal("", body);
        Assert.Equal(0, gateway.UpstreamConnections);
    }

    [Fact]
    public async Task RequestRedirect_Status_IsSent()
    {
        await using var gateway = await StartAsync(new RequestRedirect { Scheme = "https", Status = 308 });

        using var response = await gateway.GetAsync("/foo");

        Assert.Equal(308, (int)response.StatusCode);
    }

    private static Task<EchoGateway> StartAsync(RequestRedirect settings) => EchoGateway.StartAsync(route => route with
    {
        Matches = [new RouteMatchSnapshot { Path = new PathMatchSnapshot(PathMatchKind.Prefix, "/foo") }],
        Policies = [settings],
    });
}
