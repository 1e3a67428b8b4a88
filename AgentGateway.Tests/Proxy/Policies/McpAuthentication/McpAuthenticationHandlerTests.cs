using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using AgentGateway.Configuration;
using AgentGateway.Configuration.Snapshot.Policies;
using AgentGateway.Tests.Proxy.Policies.JwtAuth;
using Xunit;
using McpAuthenticationPolicy = AgentGateway.Configuration.Snapshot.Policies.McpAuthentication;

namespace AgentGateway.Tests.Proxy.Policies.McpAuthentication;

public sealed class McpAuthenticationHandlerTests
{
    private static readonly TestIssuer Issuer = new();

    [Fact]
    public async Task Request_WithoutToken_IsToldWhereToLogIn()
    {
        await using var upstream = await TestUpstream.StartAsync();
        await using var gateway = await PolicyGateway.StartAsync(upstream, Policy(TestIssuer.Name));

        using var response = await gateway.Client.PostAsync("/stdio/mcp", new StringContent("{}"), TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
        Assert.Equal("application/json", response.Content.Headers.ContentType!.MediaType);
        Assert.Equal("""{"error":"unauthorized","error_description":"JWT token required"}""", await Text(response));
        Assert.Equal(
            "Bearer resource_metadata=\"http://localhost:3000/.well-known/oauth-protected-resource/stdio/mcp\"", response.Headers.WwwAuthenticate.ToString());
    }

    [Fact]
    public async Task Request_NoResourceConfigured_UsesTheRequestsOrigin()
    {
        await using var upstream = await TestUpstream.StartAsync();
        await using var gateway = await PolicyGateway.StartAsync(upstream, Policy(TestIssuer.Name) with { ResourceMetadata = JsonText.EmptyObject });
        using var request = new HttpRequestMessage(HttpMethod.Get, "/mcp") { Headers = { Host = "mcp.example.com" } };
        request.Headers.Add("X-Forwarded-Proto", "https");

        using var response = await gateway.Client.SendAsync(request, TestContext.Current.CancellationToken);

        Assert.Equal("Bearer resource_metadata=\"https://mcp.example.com/.well-known/oauth-protected-resource/mcp\"", response.Headers.WwwAuthenticate.ToString());
    }

    [Fact]
    public async Task Request_WithValidToken_Passes()
    {
        await using var upstream = await TestUpstream.StartAsync();
        await using var gateway = await PolicyGateway.StartAsync(upstream, Policy(TestIssuer.Name));
        using var request = new HttpRequestMessage(HttpMethod.Get, "/mcp") { Headers = { Authorization = new AuthenticationHeaderValue("Bearer", Issuer.Token(DateTimeOffset.UtcNow)) } };

        using var response = await gateway.Client.SendAsync(request, TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Null(upstream.Last.Header("Authorization"));
    }

    [Fact]
    public async Task ProtectedResource_Get_PublishesMetadata()
    {
        await using var upstream = await TestUpstream.StartAsync();
        await using var gateway = await PolicyGateway.StartAsync(upstream, Policy(TestIssuer.Name));

        using var response = await gateway.Client.GetAsync("/.well-known/oauth-protected-resource/stdio/mcp", TestContext.Current.CancellationToken);

        Assert.Equal("*", response.Headers.GetValues("Access-Control-Allow-Origin").Single());
        Assert.Equal(
            """{"resource":"http://localhost:3000/stdio/mcp","scopes_supported":["read:all"],"authorization_servers":["https://issuer.test"],"mcp_protocol_version":"2025-06-18","resource_type":"mcp-server"}""",
            await Text(response));
    }

    [Fact]
    public async Task ProtectedResource_WithProvider_PointsToTheGateway()
    {
        await using var upstream = await TestUpstream.StartAsync();
        await using var gateway = await PolicyGateway.StartAsync(upstream, Policy(TestIssuer.Name) with { Provider = McpIdentityProvider.Keycloak });

        using var response = await gateway.Client.GetAsync("/.well-known/oauth-protected-resource/stdio/mcp", TestContext.Current.CancellationToken);

        Assert.Contains("\"authorization_servers\":[\"http://localhost:3000/stdio/mcp\"]", await Text(response), StringComparison.Ordinal);
    }

    [Fact]
    public async Task ProtectedResource_Options_IsAllowedEverywhere()
    {
        await using var upstream = await TestUpstream.StartAsync();
        await using var gateway = await PolicyGateway.StartAsync(upstream, Policy(TestIssuer.Name));
        using var request = new HttpRequestMessage(HttpMethod.Options, "/.well-known/oauth-protected-resource/stdio/mcp");

        using var response = await gateway.Client.SendAsync(request, TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.NoContent, response.StatusCode);
        Assert.Equal("*", response.Headers.GetValues("Access-Control-Allow-Origin").Single());
    }

    [Fact]
    public async Task AuthorizationServer_Native_IsPassedOn()
    {
        await using var provider = await StartProvider("/.well-known/oauth-authorization-server");
        await using var upstream = await TestUpstream.StartAsync();
        await using var gateway = await PolicyGateway.StartAsync(upstream, Policy(provider.Address.ToString()));

        using var response = await gateway.Client.GetAsync("/.well-known/oauth-authorization-server/stdio/mcp", TestContext.Current.CancellationToken);

        Assert.Equal(Metadata(provider), await Text(response));
    }

    [Fact]
    public async Task AuthorizationServer_OfAnIssuerThatIsNoUrl_IsNotAvailable()
    {
        await using var upstream = await TestUpstream.StartAsync();
        await using var gateway = await PolicyGateway.StartAsync(upstream, Policy("company.example"));

        using var response = await gateway.Client.GetAsync("/.well-known/oauth-authorization-server/stdio/mcp", TestContext.Current.CancellationToken);
        using var guarded = await gateway.Client.PostAsync("/stdio/mcp", new StringContent("{}"), TestContext.Current.CancellationToken);

        Assert.Contains("the metadata of the authorization server is not available", await Text(response), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.Unauthorized, guarded.StatusCode);
    }

    [Fact]
    public async Task AuthorizationServer_Keycloak_RegistersThroughTheGateway()
    {
        await using var provider = await StartProvider("/realms/mcp/.well-known/openid-configuration");
        await using var upstream = await TestUpstream.StartAsync();
        var policy = Policy(provider.Address + "realms/mcp") with { Provider = McpIdentityProvider.Keycloak };
        await using var gateway = await PolicyGateway.StartAsync(upstream, policy);

        using var response = await gateway.Client.GetAsync("/.well-known/oauth-authorization-server/stdio/mcp", TestContext.Current.CancellationToken);
        using var document = JsonDocument.Parse(await Text(response));
        Assert.Equal("http://localhost:3000/stdio/mcp", document.RootElement.GetProperty("issuer").GetString());
        Assert.Equal(
            "http://localhost:3000/.well-known/oauth-authorization-server/stdio/mcp/client-registration", document.RootElement.GetProperty("registration_endpoint").GetString());

        using var registration = await gateway.Client.PostAsync(
            "/.well-known/oauth-authorization-server/stdio/mcp/client-registration",
            new StringContent("""{"redirect_uris":["http://c/cb"]}""", Encoding.UTF8, "application/json"),
            TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.Created, registration.StatusCode);
        Assert.Equal("""{"client_id":"from-provider"}""", await Text(registration));
        Assert.Equal(("POST", "/register", """{"redirect_uris":["http://c/cb"]}"""), (provider.Last.Method, provider.Last.Target, provider.Last.Body));
    }

    [Fact]
    public async Task AuthorizationServer_Auth0_AsksForTheAudience()
    {
        await using var provider = await StartProvider("/.well-known/oauth-authorization-server");
        await using var upstream = await TestUpstream.StartAsync();
        await using var gateway = await PolicyGateway.StartAsync(upstream, Policy(provider.Address.ToString()) with { Provider = McpIdentityProvider.Auth0 });

        using var response = await gateway.Client.GetAsync("/.well-known/oauth-authorization-server/stdio/mcp", TestContext.Current.CancellationToken);

        Assert.Contains($"\"authorization_endpoint\":\"{provider.Address}authorize?audience=api\"", await Text(response), StringComparison.Ordinal);
    }

    [Fact]
    public async Task AuthorizationServer_Entra_LosesTheResourceParameter()
    {
        await using var provider = await StartProvider("/t/v2.0/.well-known/openid-configuration");
        await using var upstream = await TestUpstream.StartAsync();
        var policy = Policy(provider.Address + "t/v2.0") with { Provider = McpIdentityProvider.Entra };
        await using var gateway = await PolicyGateway.StartAsync(upstream, policy);
        const string Base = "/.well-known/oauth-authorization-server/stdio/mcp";

        using var authorize = await gateway.Client.GetAsync(Base + "/authorize?client_id=c&resource=http%3A%2F%2Fx&state=s", TestContext.Current.CancellationToken);
        using var token = await gateway.Client.PostAsync(
            Base + "/token", new StringContent("code=1&resource=x&grant_type=authorization_code", Encoding.UTF8, "application/x-www-form-urlencoded"), TestContext.Current.CancellationToken);

        Assert.Equal($"{provider.Address}authorize?client_id=c&state=s", authorize.Headers.Location!.OriginalString);
        Assert.Equal(("/token", "code=1&grant_type=authorization_code"), (provider.Last.Target, provider.Last.Body));
    }

    [Fact]
    public async Task ClientRegistration_ClientConfigured_IsAnsweredByTheGateway()
    {
        await using var upstream = await TestUpstream.StartAsync();
        await using var gateway = await PolicyGateway.StartAsync(upstream, Policy(TestIssuer.Name) with { ClientId = "fixed", Provider = McpIdentityProvider.Entra });

        using var response = await gateway.Client.PostAsync(
            "/.well-known/oauth-authorization-server/stdio/mcp/client-registration",
            new StringContent("""{"redirect_uris":["http://c/cb"],"client_name":"n"}""", Encoding.UTF8, "application/json"),
            TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.Created, response.StatusCode);
        using var document = JsonDocument.Parse(await Text(response));
        Assert.Equal("fixed", document.RootElement.GetProperty("client_id").GetString());
        Assert.Equal("http://c/cb", document.RootElement.GetProperty("redirect_uris")[0].GetString());
        Assert.Equal("none", document.RootElement.GetProperty("token_endpoint_auth_method").GetString());
    }

    private static McpAuthenticationPolicy Policy(string issuer) => new()
    {
        Issuer = issuer,
        Audiences = ["api"],
        Jwks = new Resource { Text = Issuer.Jwks() },
        ResourceMetadata = new JsonText("""{"resource":"http://localhost:3000/stdio/mcp","scopesSupported":["read:all"]}"""),
    };

    private static Task<TestUpstream> StartProvider(string metadataPath)
    {
        TestUpstream? self = null;
        return Start();

        async Task<TestUpstream> Start()
        {
            self = await TestUpstream.StartAsync(context => context.Request.Path.Value switch
            {
                "/register" => TestUpstream.Json(context, """{"client_id":"from-provider"}""", 201),
                "/token" => TestUpstream.Json(context, "{}"),
                var path when path == metadataPath => TestUpstream.Json(context, Metadata(self!)),
                _ => TestUpstream.Json(context, "{}", 404),
            });
            return self;
        }
    }

    private static string Metadata(TestUpstream provider) =>
        $$"""{"issuer":"{{provider.Address}}","authorization_endpoint":"{{provider.Address}}authorize","token_endpoint":"{{provider.Address}}token","registration_endpoint":"{{provider.Address}}register"}""";

    private static Task<string> Text(HttpResponseMessage response) => response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
}
