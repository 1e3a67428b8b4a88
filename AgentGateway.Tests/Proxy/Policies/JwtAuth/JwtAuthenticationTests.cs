using System.Net;
using System.Net.Http.Headers;
using AgentGateway.Configuration;
using AgentGateway.Configuration.Snapshot.Policies;
using AgentGateway.Proxy.Policies.Documents;
using Xunit;
using JwtAuthSettings = AgentGateway.Configuration.Snapshot.Policies.JwtAuth;

namespace AgentGateway.Tests.Proxy.Policies.JwtAuth;

public sealed class JwtAuthenticationTests
{
    private static readonly TestIssuer Issuer = new();
    private static readonly string Token = Issuer.Token(DateTimeOffset.UtcNow);

    [Theory]
    [InlineData(AuthenticationMode.Strict, 401)]
    [InlineData(AuthenticationMode.Optional, 200)]
    [InlineData(AuthenticationMode.Permissive, 200)]
    public async Task Request_WithoutToken_DependsOnMode(AuthenticationMode mode, int status)
    {
        await using var upstream = await TestUpstream.StartAsync();
        await using var gateway = await PolicyGateway.StartAsync(upstream, Policy(mode));

        using var response = await gateway.Client.GetAsync("/", TestContext.Current.CancellationToken);

        Assert.Equal(status, (int)response.StatusCode);
        if (status == 401)
        {
            Assert.Equal("authentication failure: no bearer token found", await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
            Assert.Empty(upstream.Seen);
        }
    }

    [Theory]
    [InlineData(AuthenticationMode.Strict, 401)]
    [InlineData(AuthenticationMode.Optional, 401)]
    [InlineData(AuthenticationMode.Permissive, 200)]
    public async Task Request_WithInvalidToken_DependsOnMode(AuthenticationMode mode, int status)
    {
        await using var upstream = await TestUpstream.StartAsync();
        await using var gateway = await PolicyGateway.StartAsync(upstream, Policy(mode));

        using var response = await Get(gateway, "/", "not-a-token");

        Assert.Equal(status, (int)response.StatusCode);
        if (status == 401)
        {
            Assert.StartsWith("authentication failure: the token is invalid or malformed: ", await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
            Assert.Equal("Bearer", response.Headers.WwwAuthenticate.First().Scheme);
        }
    }

    [Fact]
    public async Task Request_WithValidToken_PassesWithoutIt()
    {
        await using var upstream = await TestUpstream.StartAsync();
        await using var gateway = await PolicyGateway.StartAsync(upstream, Policy(AuthenticationMode.Strict));

        for (var i = 0; i < 2; i++)
        {
            using var response = await Get(gateway, "/", Token);
            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
            Assert.Null(upstream.Last.Header("Authorization"));
        }
    }

    [Fact]
    public async Task Request_OtherScheme_IsNoToken()
    {
        await using var upstream = await TestUpstream.StartAsync();
        await using var gateway = await PolicyGateway.StartAsync(upstream, Policy(AuthenticationMode.Optional));
        using var request = new HttpRequestMessage(HttpMethod.Get, "/") { Headers = { Authorization = new AuthenticationHeaderValue("Basic", "eDp5") } };

        using var response = await gateway.Client.SendAsync(request, TestContext.Current.CancellationToken);

        Assert.Equal("Basic eDp5", upstream.Last.Header("Authorization"));
    }

    [Fact]
    public async Task Request_TokenInQueryOrCookie_IsFoundAndTakenOut()
    {
        await using var upstream = await TestUpstream.StartAsync();
        await using var byQuery = await PolicyGateway.StartAsync(upstream, Policy(AuthenticationMode.Strict) with { Location = new AuthorizationLocation { QueryParameter = "token" } });
        await using var byCookie = await PolicyGateway.StartAsync(upstream, Policy(AuthenticationMode.Strict) with { Location = new AuthorizationLocation { Cookie = "token" } });

        using var first = await byQuery.Client.GetAsync($"/p?a=1&token={Token}&b=2", TestContext.Current.CancellationToken);
        Assert.Equal("/p?a=1&b=2", upstream.Last.Target);

        using var request = new HttpRequestMessage(HttpMethod.Get, "/");
        request.Headers.Add("Cookie", $"a=1; token={Token}");
        using var second = await byCookie.Client.SendAsync(request, TestContext.Current.CancellationToken);
        Assert.Equal("a=1", upstream.Last.Header("Cookie"));
        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.OK), (first.StatusCode, second.StatusCode));
    }

    [Fact]
    public async Task Request_GatewayPhaseTookTheToken_RoutePolicyStillJudgesIt()
    {
        await using var upstream = await TestUpstream.StartAsync();
        await using var same = await PolicyGateway.StartAsync(upstream, [Policy(AuthenticationMode.Strict)], [Policy(AuthenticationMode.Strict)], []);
        await using var other = await PolicyGateway.StartAsync(upstream, [Policy(AuthenticationMode.Strict, audience: "other")], [Policy(AuthenticationMode.Strict)], []);

        using var accepted = await Get(same, "/", Token);
        using var refused = await Get(other, "/", Token);

        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.Unauthorized), (accepted.StatusCode, refused.StatusCode));
    }

    [Fact]
    public async Task Request_KeysFromUrl_AreFetchedAtStart()
    {
        await using var provider = await TestUpstream.StartAsync(context => TestUpstream.Json(context, Issuer.Jwks()));
        await using var upstream = await TestUpstream.StartAsync();
        await using var gateway = await PolicyGateway.StartAsync(upstream, Policy(AuthenticationMode.Strict, new Resource { Url = provider.Address + "keys" }));
        Assert.Equal("/keys", Assert.Single(provider.Seen).Target);

        using var response = await Get(gateway, "/", Token);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Single(provider.Seen);
    }

    [Fact]
    public async Task Start_KeysCannotBeFetched_Fails()
    {
        await using var provider = await TestUpstream.StartAsync(context => TestUpstream.Json(context, "{}", 404));
        await using var upstream = await TestUpstream.StartAsync();

        var error = await Assert.ThrowsAsync<RemoteDocumentException>(
            async () => await PolicyGateway.StartAsync(upstream, Policy(AuthenticationMode.Strict, new Resource { Url = provider.Address + "keys" })));

        Assert.Equal($"fetch {provider.Address}keys: the server answered 404", error.Message);
    }

    private static JwtAuthSettings Policy(AuthenticationMode mode, Resource? keys = null, string audience = "api") => new()
    {
        Mode = mode,
        Providers = [new JwtProvider { Issuer = TestIssuer.Name, Audiences = [audience], Jwks = keys ?? new Resource { Text = Issuer.Jwks() } }],
    };

    private static Task<HttpResponseMessage> Get(TestGateway gateway, string path, string token) => gateway.Client.SendAsync(
        new HttpRequestMessage(HttpMethod.Get, path) { Headers = { Authorization = new AuthenticationHeaderValue("Bearer", token) } }, TestContext.Current.CancellationToken);
}
