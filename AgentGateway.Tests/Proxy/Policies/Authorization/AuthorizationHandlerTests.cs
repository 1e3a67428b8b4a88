using System.Net;
using System.Text;
using AgentGateway.Configuration;
using AgentGateway.Configuration.Snapshot.Policies;
using AgentGateway.Tests.Proxy.Policies.JwtAuth;
using Xunit;
using ApiKeySettings = AgentGateway.Configuration.Snapshot.Policies.ApiKey;
using JwtAuthSettings = AgentGateway.Configuration.Snapshot.Policies.JwtAuth;

namespace AgentGateway.Tests.Proxy.Policies.Authorization;

public sealed class AuthorizationHandlerTests
{
    private static readonly TestIssuer Issuer = new();

    [Theory]
    [InlineData("jwt.sub == 'alice' && jwt.aud == 'api'", 200)]
    [InlineData("jwt.sub == 'bob'", 403)]
    [InlineData("jwt.rawToken.unredacted().startsWith('eyJ')", 200)]
    [InlineData("request.method == 'POST' && request.path == '/p' && request.headers['x-a'] == '1'", 200)]
    [InlineData("request.host == '127.0.0.1' && source.address == '127.0.0.1' && source.port > 0", 200)]
    [InlineData("json(request.body).method == 'tools/call'", 200)]
    [InlineData("json(request.body).method == 'other'", 403)]
    [InlineData("request.pathAndQuery.query('q')[0] == 'v'", 200)]
    [InlineData("apiKey == null", 200)]
    public async Task Request_Rule_DecidesAndBodyArrives(string rule, int status)
    {
        await using var upstream = await TestUpstream.StartAsync();
        await using var gateway = await PolicyGateway.StartAsync(
            upstream,
            new JwtAuthSettings { Providers = [new JwtProvider { Issuer = TestIssuer.Name, Jwks = new Resource { Text = Issuer.Jwks() } }] },
            Allow(rule));
        using var request = new HttpRequestMessage(HttpMethod.Post, "/p?q=v") { Content = new StringContent("""{"method":"tools/call"}""", Encoding.UTF8, "application/json") };
        request.Headers.Authorization = new("Bearer", Issuer.Token(DateTimeOffset.UtcNow));
        request.Headers.Add("x-a", "1");

        using var response = await gateway.Client.SendAsync(request, TestContext.Current.CancellationToken);

        Assert.Equal(status, (int)response.StatusCode);
        if (status == 200)
        {
            Assert.Equal("""{"method":"tools/call"}""", upstream.Last.Body);
        }
        else
        {
            Assert.Equal("authorization failed", await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
            Assert.Empty(upstream.Seen);
        }
    }

    [Theory]
    [InlineData("sk-admin", 200)]
    [InlineData("sk-user", 403)]
    public async Task Request_ApiKeyMetadata_IsSeenByRules(string key, int status)
    {
        await using var upstream = await TestUpstream.StartAsync();
        await using var gateway = await PolicyGateway.StartAsync(
            upstream,
            new ApiKeyAuth
            {
                Keys =
                [
                    new ApiKeySettings { Key = new Secret("sk-admin"), Metadata = new JsonText("""{"role":"admin"}""") },
                    new ApiKeySettings { Key = new Secret("sk-user"), Metadata = new JsonText("""{"role":"user"}""") },
                ],
            },
            Allow("apiKey.role == 'admin'"));
        using var request = new HttpRequestMessage(HttpMethod.Get, "/") { Headers = { Authorization = new("Bearer", key) } };

        using var response = await gateway.Client.SendAsync(request, TestContext.Current.CancellationToken);

        Assert.Equal(status, (int)response.StatusCode);
    }

    [Theory]
    [InlineData(AuthenticationMode.Strict, null, "api key authentication failure: no API Key found")]
    [InlineData(AuthenticationMode.Strict, "wrong", "api key authentication failure: invalid credentials")]
    [InlineData(AuthenticationMode.Optional, "wrong", "api key authentication failure: invalid credentials")]
    [InlineData(AuthenticationMode.Optional, null, null)]
    [InlineData(AuthenticationMode.Permissive, "wrong", null)]
    [InlineData(AuthenticationMode.Strict, "sk-1", null)]
    public async Task Request_ApiKeyMode_Decides(AuthenticationMode mode, string? key, string? failure)
    {
        await using var upstream = await TestUpstream.StartAsync();
        await using var gateway = await PolicyGateway.StartAsync(
            upstream, new ApiKeyAuth { Mode = mode, Keys = [new ApiKeySettings { Key = new Secret("sk-1") }], Location = new AuthorizationLocation { Header = new HeaderLocation("x-api-key", "") } });
        using var request = new HttpRequestMessage(HttpMethod.Get, "/");
        if (key is not null)
        {
            request.Headers.Add("x-api-key", key);
        }

        using var response = await gateway.Client.SendAsync(request, TestContext.Current.CancellationToken);

        Assert.Equal(failure is null ? HttpStatusCode.OK : HttpStatusCode.Unauthorized, response.StatusCode);
        if (failure is not null)
        {
            Assert.Equal(failure, await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        }
        else if (key == "sk-1")
        {
            Assert.Null(upstream.Last.Header("x-api-key"));
        }
    }

    private static AuthorizationPolicy Allow(string expression) =>
        new() { Rules = [new AuthorizationRule(AuthorizationRuleKind.Allow, new Expression(expression))] };
}
