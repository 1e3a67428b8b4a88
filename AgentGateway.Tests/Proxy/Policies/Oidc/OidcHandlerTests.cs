using System.Net;
using AgentGateway.Configuration;
using AgentGateway.Configuration.Snapshot.Policies;
using AgentGateway.Proxy.Policies.Oidc;
using AgentGateway.Tests.Proxy.Policies.JwtAuth;
using Microsoft.AspNetCore.Http;
using Xunit;

namespace AgentGateway.Tests.Proxy.Policies.Oidc;

public sealed class OidcHandlerTests
{
    private static readonly TestIssuer Issuer = new();

    [Fact]
    public async Task Login_WholeFlow_EndsAtTheOriginalUrlWithASession()
    {
        await using var provider = await Provider.StartAsync();
        await using var upstream = await TestUpstream.StartAsync();
        await using var gateway = await PolicyGateway.StartAsync(upstream, provider.Policy());

        using var first = await Get(gateway, "/app?x=1");
        Assert.Equal(HttpStatusCode.Found, first.StatusCode);
        var login = first.Headers.Location!;
        Assert.StartsWith(provider.Issuer + "/authorize?", login.OriginalString, StringComparison.Ordinal);
        var query = Query(login.Query);
        Assert.Equal(("code", "browser", "S256", "openid email"), (query["response_type"], query["client_id"], query["code_challenge_method"], query["scope"]));
        var transaction = Cookie(first);
        Assert.Contains("HttpOnly; SameSite=Lax", first.Headers.GetValues("Set-Cookie").Single(), StringComparison.Ordinal);

        provider.Nonce = query["nonce"];
        using var callback = await Get(gateway, $"/oauth/callback?code=c1&state={query["state"]}", transaction);
        Assert.Equal(HttpStatusCode.Found, callback.StatusCode);
        Assert.Equal("http://localhost:3000/app?x=1", callback.Headers.Location!.OriginalString);
        var exchanged = provider.TokenRequest!;
        Assert.Equal(["c1"], exchanged.Form["code"]);
        Assert.Equal("Basic " + Convert.ToBase64String("browser:s3cret"u8), exchanged.Header("Authorization"));
        Assert.Equal(query["code_challenge"], TestIssuer.Encode(System.Security.Cryptography.SHA256.HashData(exchanged.Form["code_verifier"].Single().Utf8())));

        var session = callback.Headers.GetValues("Set-Cookie").Single(cookie => cookie.StartsWith("agw_oidc_s_", StringComparison.Ordinal)).Split(';')[0];
        using var inside = await Get(gateway, "/app?x=1", session + "; mine=1");
        Assert.Equal(HttpStatusCode.OK, inside.StatusCode);
        Assert.Equal("mine=1", upstream.Last.Header("Cookie"));
    }

    [Theory]
    [InlineData("/oauth/callback", "invalid callback")]
    [InlineData("/oauth/callback?code=1", "invalid callback")]
    [InlineData("/oauth/callback?code=1&state=unknown", "missing transaction")]
    public async Task Callback_NotOfThisBrowser_Is400(string path, string message)
    {
        await using var provider = await Provider.StartAsync();
        await using var upstream = await TestUpstream.StartAsync();
        await using var gateway = await PolicyGateway.StartAsync(upstream, provider.Policy());

        using var response = await Get(gateway, path);

        Assert.Equal((HttpStatusCode.BadRequest, message), (response.StatusCode, await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)));
    }

    [Fact]
    public async Task Callback_ProviderRefused_Is400()
    {
        await using var provider = await Provider.StartAsync();
        await using var upstream = await TestUpstream.StartAsync();
        await using var gateway = await PolicyGateway.StartAsync(upstream, provider.Policy());
        using var first = await Get(gateway, "/");

        using var response = await Get(gateway, $"/oauth/callback?error=access_denied&state={Query(first.Headers.Location!.Query)["state"]}", Cookie(first));

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Contains("access_denied", await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Callback_TokenOfAnotherLogin_Is500()
    {
        await using var provider = await Provider.StartAsync();
        await using var upstream = await TestUpstream.StartAsync();
        await using var gateway = await PolicyGateway.StartAsync(upstream, provider.Policy());
        using var first = await Get(gateway, "/");
        provider.Nonce = "another";

        using var response = await Get(gateway, $"/oauth/callback?code=1&state={Query(first.Headers.Location!.Query)["state"]}", Cookie(first));

        Assert.Equal(HttpStatusCode.InternalServerError, response.StatusCode);
        Assert.False(response.Headers.Contains("Set-Cookie"));
    }

    [Fact]
    public async Task Request_ForgedSession_IsSentToLogin()
    {
        await using var provider = await Provider.StartAsync();
        await using var upstream = await TestUpstream.StartAsync();
        await using var gateway = await PolicyGateway.StartAsync(upstream, provider.Policy());
        using var first = await Get(gateway, "/");
        var name = Cookie(first).Split('=')[0].Replace("agw_oidc_t_", "agw_oidc_s_", StringComparison.Ordinal)[..27];

        using var response = await Get(gateway, "/", $"{name}=1.{TestIssuer.Encode(new byte[64])}");

        Assert.Equal(HttpStatusCode.Found, response.StatusCode);
        Assert.Empty(upstream.Seen);
    }

    [Fact]
    public async Task Request_PreFlight_Passes()
    {
        await using var provider = await Provider.StartAsync();
        await using var upstream = await TestUpstream.StartAsync();
        await using var gateway = await PolicyGateway.StartAsync(upstream, provider.Policy());
        using var request = new HttpRequestMessage(HttpMethod.Options, "/");
        request.Headers.Add("Origin", "http://app.test");
        request.Headers.Add("Access-Control-Request-Method", "GET");
        request.Headers.Add("Cookie", "agw_oidc_s_0123456789abcdef=1.x; mine=1");

        using var response = await gateway.Client.SendAsync(request, TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal("mine=1", upstream.Last.Header("Cookie"));
    }

    [Fact]
    public void Seal_OtherNameOrChangedValue_DoesNotOpen()
    {
        var secret = CookieSecret.Parse(PolicyGateway.CookieSecret);
        var value = secret.Seal("a", "text"u8);

        Assert.Equal("text"u8.ToArray(), secret.Open("a", value));
        Assert.Null(secret.Open("b", value));
        Assert.Null(secret.Open("a", value[..^2] + (value[^2] == 'A' ? "B" : "A") + value[^1]));
        Assert.Null(secret.Open("a", "short"));
        Assert.Null(CookieSecret.Parse(new string('f', 64)).Open("a", value));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("abc")]
    [InlineData("zz0102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f")]
    public void Parse_UnusableSecret_SaysWhatIsNeeded(string? text)
    {
        var error = Assert.Throws<FormatException>(() => CookieSecret.Parse(text));
        Assert.Contains("64 hexadecimal digits", error.Message, StringComparison.Ordinal);
    }

    private static Dictionary<string, string> Query(string query) => query.TrimStart('?').Split('&').Select(pair => pair.Split('=', 2))
        .ToDictionary(pair => pair[0], pair => Uri.UnescapeDataString(pair[1]));

    private static string Cookie(HttpResponseMessage response) => response.Headers.GetValues("Set-Cookie").Single().Split(';')[0];

    private static Task<HttpResponseMessage> Get(TestGateway gateway, string path, string? cookie = null)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, path);
        if (cookie is not null)
        {
            request.Headers.Add("Cookie", cookie);
        }

        return gateway.Client.SendAsync(request, TestContext.Current.CancellationToken);
    }

    private sealed class Provider : IAsyncDisposable
    {
        private readonly TestUpstream _server;

        private Provider(TestUpstream server) => _server = server;

        public string Issuer => _server.Address.ToString().TrimEnd('/');

        public string Nonce { get; set; } = "";

        public SeenRequest? TokenRequest => _server.Seen.LastOrDefault(request => request.Target == "/token");

        public static async Task<Provider> StartAsync()
        {
            var provider = new Provider(await TestUpstream.StartAsync());
            provider._server.Answer = provider.AnswerAsync;
            return provider;
        }

        public OidcPolicy Policy() => new()
        {
            Issuer = Issuer,
            ClientId = "browser",
            ClientSecret = new Secret("s3cret"),
            RedirectUri = "http://localhost:3000/oauth/callback",
            Scopes = ["email"],
        };

        public ValueTask DisposeAsync() => _server.DisposeAsync();

        private Task AnswerAsync(HttpContext context) => context.Request.Path.Value switch
        {
            "/.well-known/openid-configuration" => TestUpstream.Json(
                context, $$"""{"issuer":"{{Issuer}}","authorization_endpoint":"{{Issuer}}/authorize","token_endpoint":"{{Issuer}}/token","jwks_uri":"{{Issuer}}/keys"}"""),
            "/keys" => TestUpstream.Json(context, OidcHandlerTests.Issuer.Jwks()),
            "/token" => TestUpstream.Json(context, $$"""{"access_token":"a","id_token":"{{IdToken()}}"}"""),
            _ => TestUpstream.Json(context, "{}", 404),
        };

        private string IdToken() => OidcHandlerTests.Issuer.Sign(
            "RS256", $$"""{"iss":"{{Issuer}}","aud":"browser","sub":"alice","nonce":"{{Nonce}}","exp":{{DateTimeOffset.UtcNow.ToUnixTimeSeconds() + 600}}}""");
    }
}
