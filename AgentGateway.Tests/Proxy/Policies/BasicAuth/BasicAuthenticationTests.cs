using System.Net;
using System.Text;
using AgentGateway.Configuration;
using AgentGateway.Configuration.Snapshot.Policies;
using Xunit;
using BasicAuthSettings = AgentGateway.Configuration.Snapshot.Policies.BasicAuth;

namespace AgentGateway.Tests.Proxy.Policies.BasicAuth;

public sealed class BasicAuthenticationTests
{
    private static readonly BasicAuthSettings Policy = new()
    {
        Htpasswd = new Secret("alice:$2y$04$abcdefghijklmnopqrstuuV3duMsC0HpUex6N9qapiuOHHWkwRXVm\nbob:plain"),
        Mode = BasicAuthenticationMode.Strict,
        Realm = "a \"b\"",
    };

    [Theory]
    [InlineData("alice:hunter2", 200)]
    [InlineData("bob:plain", 200)]
    [InlineData("alice:wrong", 401)]
    [InlineData("nobody:hunter2", 401)]
    [InlineData("bob:", 401)]
    [InlineData("bob", 401)]
    public async Task Request_WithCredentials_IsChecked(string credentials, int status)
    {
        await using var upstream = await TestUpstream.StartAsync();
        await using var gateway = await PolicyGateway.StartAsync(upstream, Policy);

        for (var i = 0; i < 2; i++)
        {
            using var response = await Get(gateway, "Authorization", "Basic " + Convert.ToBase64String(Encoding.UTF8.GetBytes(credentials)));

            Assert.Equal(status, (int)response.StatusCode);
            if (status == 200)
            {
                Assert.Null(upstream.Last.Header("Authorization"));
            }
            else
            {
                Assert.Equal("basic authentication failure: invalid credentials", await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
                Assert.Equal("Basic realm=\"a \\\"b\\\"\"", response.Headers.WwwAuthenticate.ToString());
            }
        }
    }

    [Fact]
    public async Task Request_WithoutCredentials_IsChallenged()
    {
        await using var upstream = await TestUpstream.StartAsync();
        await using var gateway = await PolicyGateway.StartAsync(upstream, Policy);

        using var response = await Get(gateway, "Authorization", "Basic !!!");
        using var absent = await gateway.Client.GetAsync("/", TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, absent.StatusCode);
        Assert.Single(absent.Headers.WwwAuthenticate);
    }

    [Fact]
    public async Task Request_ProxyAuthorization_IsAnsweredAsProxy()
    {
        await using var upstream = await TestUpstream.StartAsync();
        await using var gateway = await PolicyGateway.StartAsync(
            upstream, Policy with { AuthorizationLocation = new AuthorizationLocation { Header = new HeaderLocation("Proxy-Authorization", "Basic ") } });

        using var response = await gateway.Client.GetAsync("/", TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.ProxyAuthenticationRequired, response.StatusCode);
        Assert.Single(response.Headers.ProxyAuthenticate);
    }

    [Theory]
    [InlineData("bob:plain", BasicAuthenticationMode.Strict, 200)]
    [InlineData("alice:hunter2", BasicAuthenticationMode.Strict, 401)]
    [InlineData("alice:hunter2", BasicAuthenticationMode.Optional, 401)]
    public async Task Request_AcceptedByTheGateway_IsJudgedByTheListOfTheRouteToo(string credentials, BasicAuthenticationMode mode, int status)
    {
        await using var upstream = await TestUpstream.StartAsync();
        await using var gateway = await PolicyGateway.StartAsync(upstream, [new BasicAuthSettings { Htpasswd = new Secret("bob:plain"), Mode = mode }], [Policy], []);

        using var response = await Get(gateway, "Authorization", "Basic " + Convert.ToBase64String(Encoding.UTF8.GetBytes(credentials)));

        Assert.Equal(status, (int)response.StatusCode);
        Assert.All(upstream.Seen, request => Assert.Null(request.Header("Authorization")));
    }

    private static Task<HttpResponseMessage> Get(TestGateway gateway, string header, string value)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, "/");
        request.Headers.TryAddWithoutValidation(header, value);
        return gateway.Client.SendAsync(request, TestContext.Current.CancellationToken);
    }
}
