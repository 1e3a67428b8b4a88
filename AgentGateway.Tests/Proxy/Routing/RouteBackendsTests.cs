using System.Net;
using AgentGateway.Configuration;
using AgentGateway.Configuration.Snapshot;
using AgentGateway.Configuration.Snapshot.Policies;
using AgentGateway.Tests.Proxy.Policies;
using Xunit;

namespace AgentGateway.Tests.Proxy.Routing;

public sealed class RouteBackendsTests
{
    [Theory]
    [InlineData(null, "{0}")]
    [InlineData("'127.0.0.1:{0}'", "other.example")]
    public async Task Dynamic_AuthorityOrExpression_IsTheUpstream(string? expression, string host)
    {
        await using var upstream = EchoGateway.Echo();
        var target = expression is null ? null : new Expression(string.Format(System.Globalization.CultureInfo.InvariantCulture, expression, upstream.Port));
        await using var gateway = await TestGateway.StartAsync(new DynamicBackendSnapshot { Key = "/dynamic", Target = target });

        using var response = await SendAsync(gateway, host == "{0}" ? $"127.0.0.1:{upstream.Port}" : host);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.StartsWith("GET / HTTP/1.1\r\n", await response.TextAsync(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("'a b'", HttpStatusCode.BadRequest)]
    [InlineData("'host:0'", HttpStatusCode.BadRequest)]
    [InlineData("'host:99999'", HttpStatusCode.BadRequest)]
    [InlineData("request.headers['none']", HttpStatusCode.ServiceUnavailable)]
    public async Task Dynamic_NoUsableTarget_IsRefused(string expression, HttpStatusCode status)
    {
        await using var gateway = await TestGateway.StartAsync(new DynamicBackendSnapshot { Key = "/dynamic", Target = new Expression(expression) });

        using var response = await SendAsync(gateway, "a.example");

        Assert.Equal(status, response.StatusCode);
    }

    [Fact]
    public async Task Service_KnownAndUnknown_CallsItsEndpointOrFails()
    {
        await using var upstream = EchoGateway.Echo();
        var known = new ServiceSnapshot
        {
            Namespace = "ns",
            Hostname = "svc",
            Endpoints = [new ServiceEndpointSnapshot("w", "127.0.0.1", new EquatableMap<int>([new("80", upstream.Port)]), 1)],
        };
        var snapshot = TestGateway.PrefixRoutes(
            ("/known", new ServiceBackendSnapshot { Key = "/known", Namespace = "ns", Hostname = "svc", Port = 80 }),
            ("/unknown", new ServiceBackendSnapshot { Key = "/unknown", Namespace = "ns", Hostname = "nobody", Port = 80 }),
            ("/empty", new ServiceBackendSnapshot { Key = "/empty", Namespace = "ns", Hostname = "empty", Port = 80 }));
        await using var gateway = await TestGateway.StartAsync(snapshot with { Services = [known, new ServiceSnapshot { Namespace = "ns", Hostname = "empty" }] });

        using var found = await SendAsync(gateway, "a.example", "/known");
        using var missing = await SendAsync(gateway, "a.example", "/unknown");
        using var empty = await SendAsync(gateway, "a.example", "/empty");

        Assert.Equal(HttpStatusCode.OK, found.StatusCode);
        Assert.Equal("service not found", await missing.TextAsync());
        Assert.Equal("no healthy backends", await empty.TextAsync());
    }

    [Fact]
    public async Task Service_EndpointThatRefusesConnections_IsReplacedByAnother()
    {
        await using var alive = EchoGateway.Echo();
        using var dead = TestPorts.Refusing(out var deadPort);
        var snapshot = EchoGateway.Snapshot(new ServiceBackendSnapshot { Key = "route0/backend0", Namespace = "ns", Hostname = "svc", Port = 80 }, route => route) with
        {
            Services =
            [
                new ServiceSnapshot
                {
                    Namespace = "ns",
                    Hostname = "svc",
                    Endpoints =
                    [
                        new ServiceEndpointSnapshot("dead", "127.0.0.1", Ports(deadPort), 1000),
                        new ServiceEndpointSnapshot("alive", "127.0.0.1", Ports(alive.Port), 1),
                    ],
                },
            ],
        };
        await using var gateway = await TestGateway.StartAsync(snapshot);

        for (var i = 0; i < 5; i++)
        {
            using var response = await gateway.Client.GetAsync(new Uri("/", UriKind.Relative), TestContext.Current.CancellationToken);
            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        }

        static EquatableMap<int> Ports(int port) => new([new KeyValuePair<string, int>("80", port)]);
    }

    [Fact]
    public async Task RouteGroup_Delegates_MergesPoliciesAndFindsCycles()
    {
        await using var upstream = EchoGateway.Echo();
        RouteSnapshot Inner(string key, string path, BackendSnapshot backend, params PolicySnapshot[] policies) => new()
        {
            Key = key,
            Name = "default/" + key,
            Matches = [new RouteMatchSnapshot { Path = new(PathMatchKind.Prefix, path) }],
            Policies = [.. policies],
            Backends = [new RouteBackendSnapshot { Backend = backend }],
        };
        var group = new RouteGroupBackendSnapshot { Key = "/group", Group = "g" };
        var snapshot = EchoGateway.Snapshot(group, route => route with { Policies = [Adds("x-outer", "1"), Sets("outer")] });
        await using var gateway = await TestGateway.StartAsync(snapshot with
        {
            RouteGroups = new EquatableMap<EquatableArray<RouteSnapshot>>(
            [
                new("g", [Inner("plain", "/plain", upstream.Backend), Inner("own", "/own", upstream.Backend, Sets("inner")), Inner("loop", "/loop", group)]),
            ]),
        });

        using var plain = await SendAsync(gateway, "a.example", "/plain");
        using var own = await SendAsync(gateway, "a.example", "/own");
        using var loop = await SendAsync(gateway, "a.example", "/loop");
        using var none = await SendAsync(gateway, "a.example", "/none");

        Assert.Equal("outer", plain.Header("x-level"));
        Assert.Contains("x-outer: 1\r\n", await plain.TextAsync(), StringComparison.Ordinal);
        Assert.Equal("inner", own.Header("x-level"));
        Assert.Equal("route delegation cycle detected", await loop.TextAsync());
        Assert.Equal("route not found", await none.TextAsync());
    }

    [Theory]
    [InlineData(null, 2)]
    [InlineData("response.headers['x-why'] == 'again'", 2)]
    [InlineData("response.code == 500", 1)]
    public async Task Retry_Condition_DecidesOverTheResponse(string? condition, int attempts)
    {
        var seen = 0;
        await using var upstream = Backends.RawUpstream.Start(async peer =>
        {
            while (true)
            {
                await peer.ReadHeadAsync();
                Interlocked.Increment(ref seen);
                await peer.SendAsync("HTTP/1.1 503 Service Unavailable\r\nContent-Length: 0\r\nx-why: again\r\n\r\n");
            }
        });
        var retry = new RetryPolicy { Codes = [503], Condition = condition is null ? null : new Expression(condition) };
        await using var gateway = await TestGateway.StartAsync(EchoGateway.Snapshot(upstream.Backend, route => route with { Policies = [retry] }));

        using var response = await SendAsync(gateway, "a.example");

        Assert.Equal(HttpStatusCode.ServiceUnavailable, response.StatusCode);
        Assert.Equal("again", response.Header("x-why"));
        Assert.Equal(attempts, Volatile.Read(ref seen));
    }

    private static RequestHeaderModifier Adds(string name, string value) => new(new HeaderModifier { Add = new([new(name, value)]) });

    private static ResponseHeaderModifier Sets(string value) => new(new HeaderModifier { Set = new([new("x-level", value)]) });

    private static async Task<HttpResponseMessage> SendAsync(TestGateway gateway, string host, string path = "/")
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(path, UriKind.Relative)) { Headers = { Host = host } };
        return await gateway.Client.SendAsync(request, TestContext.Current.CancellationToken);
    }
}
