using System.Net;
using AgentGateway.Configuration.Snapshot.Policies;
using Xunit;

namespace AgentGateway.Tests.Proxy.Policies.Cors;

public sealed class CorsTests
{
    private const string Method = "Access-Control-Request-Method";
    private const string Headers = "Access-Control-Request-Headers";

    private static readonly CorsPolicy Listed = new()
    {
        AllowOrigins = ["https://a.example", "https://*.b.example", "http://c.example:8080"],
        AllowMethods = ["GET", "POST"],
        AllowHeaders = ["content-type", "x-own"],
        ExposeHeaders = ["x-total", "mcp-session-id"],
        AllowCredentials = true,
        MaxAge = TimeSpan.FromMinutes(10),
    };

    [Fact]
    public async Task Request_OriginIsListedWithASlash_IsAllowed()
    {
        await using var gateway = await EchoGateway.StartAsync(new CorsPolicy { AllowOrigins = ["https://a.example/"] });

        using var response = await gateway.RequestAsync(HttpMethod.Get, "/", ("Origin", "https://a.example"));

        Assert.Equal("https://a.example", response.Header("access-control-allow-origin"));
    }

    [Fact]
    public async Task Preflight_AllowedOrigin_IsAnsweredHere()
    {
        await using var gateway = await EchoGateway.StartAsync(Listed);

        using var response = await gateway.RequestAsync(HttpMethod.Options, "/", ("Origin", "https://a.example"), (Method, "PUT"), (Headers, "x-other"));

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal("", await response.TextAsync());
        Assert.Equal("https://a.example", response.Header("access-control-allow-origin"));
        Assert.Equal("GET,POST", response.Header("access-control-allow-methods"));
        Assert.Equal("content-type,x-own", response.Header("access-control-allow-headers"));
        Assert.Equal("600", response.Header("access-control-max-age"));
        Assert.Equal("true", response.Header("access-control-allow-credentials"));
        Assert.Equal("x-total,mcp-session-id", response.Header("access-control-expose-headers"));
        Assert.Equal(0, gateway.UpstreamConnections);
    }

    [Fact]
    public async Task Preflight_EmptyLists_LeaveTheirHeadersOut()
    {
        await using var gateway = await EchoGateway.StartAsync(new CorsPolicy { AllowOrigins = ["*"] });

        using var response = await gateway.RequestAsync(HttpMethod.Options, "/", ("Origin", "https://x.example"), (Method, "PUT"));

        Assert.Equal("https://x.example", response.Header("access-control-allow-origin"));
        Assert.Null(response.Header("access-control-allow-methods"));
        Assert.Null(response.Header("access-control-allow-headers"));
        Assert.Null(response.Header("access-control-max-age"));
        Assert.Null(response.Header("access-control-allow-credentials"));
        Assert.Null(response.Header("access-control-expose-headers"));
    }

    [Theory]
    [InlineData(false, "PUT", "X-A,x-b", "PUT", "X-A, x-b")]
    [InlineData(false, null, null, "*", "*")]
    [InlineData(true, null, null, null, null)]
    [InlineData(true, "PUT", "x-a , x-b", "PUT", "x-a, x-b")]
    public async Task Preflight_Stars_EchoWhatIsAskedFor(bool credentials, string? askedMethod, string? askedHeaders, string? methods, string? headers)
    {
        await using var gateway = await EchoGateway.StartAsync(
            new CorsPolicy { AllowOrigins = ["*"], AllowMethods = ["*"], AllowHeaders = ["*"], AllowCredentials = credentials });
        List<(string, string)> request = [("Origin", "https://x.example")];
        if (askedMethod is not null)
        {
            request.Add((Method, askedMethod));
        }

        if (askedHeaders is not null)
        {
            request.Add((Headers, askedHeaders));
        }

        using var response = await gateway.RequestAsync(HttpMethod.Options, "/", [.. request]);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(methods, response.Header("access-control-allow-methods"));
        Assert.Equal(headers, response.Header("access-control-allow-headers"));
    }

    [Fact]
    public async Task Preflight_OtherOrigin_IsAnsweredWithoutPermission()
    {
        await using var gateway = await EchoGateway.StartAsync(Listed);

        using var response = await gateway.RequestAsync(HttpMethod.Options, "/", ("Origin", "https://evil.example"), (Method, "PUT"));

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Null(response.Header("access-control-allow-origin"));
        Assert.Equal(0, gateway.UpstreamConnections);
    }

    [Theory]
    [InlineData("Origin", "https://evil.example")]
    [InlineData("X-Other", "1")]
    public async Task Options_NoPreflightOfAnAllowedOrigin_IsForwarded(string name, string value)
    {
        await using var gateway = await EchoGateway.StartAsync(Listed);

        using var response = await gateway.RequestAsync(HttpMethod.Options, "/", (name, value));

        Assert.StartsWith("OPTIONS / ", await response.TextAsync(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("https://a.example", true)]
    [InlineData("https://a.example:443", true)]
    [InlineData("https://A.Example", true)]
    [InlineData("http://a.example", false)]
    [InlineData("https://a.example:444", false)]
    [InlineData("https://x.b.example", true)]
    [InlineData("https://x.y.b.example", true)]
    [InlineData("https://b.example", false)]
    [InlineData("http://c.example:8080", true)]
    [InlineData("http://c.example", false)]
    [InlineData("null", false)]
    [InlineData("https://a.example.evil", false)]
    public async Task Request_Origin_IsAllowedByPattern(string origin, bool isAllowed)
    {
        await using var gateway = await EchoGateway.StartAsync(Listed);

        using var response = await gateway.GetAsync("/", ("Origin", origin));

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(isAllowed ? origin : null, response.Header("access-control-allow-origin"));
        Assert.Equal(isAllowed ? "true" : null, response.Header("access-control-allow-credentials"));
        Assert.Equal(isAllowed ? "x-total,mcp-session-id" : null, response.Header("access-control-expose-headers"));
        Assert.Equal(isAllowed ? "Origin" : null, response.Header("vary"));
        Assert.Null(response.Header("access-control-allow-methods"));
    }

    [Fact]
    public async Task Request_UpstreamHasCorsHeadersOfItsOwn_OursReplaceThemAndVaryIsKept()
    {
        await using var gateway = await EchoGateway.StartAsync(
            route => route with { Policies = [Listed] }, headers: "Access-Control-Allow-Origin: *\r\nVary: Accept\r\n");

        using var response = await gateway.GetAsync("/", ("Origin", "https://a.example"));

        Assert.Equal("https://a.example", response.Header("access-control-allow-origin"));
        Assert.Equal("Accept|Origin", response.Header("vary"));
    }

    [Fact]
    public async Task Request_RefusedByALaterPolicy_CarriesTheHeadersAllTheSame()
    {
        await using var gateway = await EchoGateway.StartAsync(
            Listed, new LocalRateLimits([new LocalRateLimit { MaxTokens = 0, TokensPerFill = 0, FillInterval = TimeSpan.FromHours(1) }]));

        using var response = await gateway.GetAsync("/", ("Origin", "https://a.example"));
        using var preflight = await gateway.RequestAsync(HttpMethod.Options, "/", ("Origin", "https://a.example"), (Method, "GET"));

        Assert.Equal(HttpStatusCode.TooManyRequests, response.StatusCode);
        Assert.Equal("https://a.example", response.Header("access-control-allow-origin"));
        Assert.Equal(HttpStatusCode.OK, preflight.StatusCode);
    }

    [Fact]
    public async Task Request_OfTheGatewayPhase_CarriesTheHeadersWhenNoRouteMatches()
    {
        await using var gateway = await EchoGateway.StartAsync(
            route => route with { Hostnames = ["nobody.example"] }, listener => listener with { Policies = [Listed] });

        using var response = await gateway.GetAsync("/", ("Origin", "https://a.example"));

        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
        Assert.Equal("route not found", await response.TextAsync());
        Assert.Equal("https://a.example", response.Header("access-control-allow-origin"));
    }
}
