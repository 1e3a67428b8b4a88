using System.Net;
using AgentGateway.Configuration;
using AgentGateway.Configuration.Snapshot.Policies;
using AgentGateway.Proxy.Policies.Oidc;
using AgentGateway.Tests.Proxy.Policies.JwtAuth;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Time.Testing;
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
        Assert.Equal("application/x-www-form-urlencoded", exchanged.Header("Content-Type"));
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
    public async Task Login_ManyAreUnderWay_TheOldestEnd()
    {
        await using var provider = await Provider.StartAsync();
        await using var upstream = await TestUpstream.StartAsync();
        await using var gateway = await PolicyGateway.StartAsync(upstream, provider.Policy());
        var underWay = new List<string>();
        for (var i = 0; i < 8; i++)
        {
            using var login = await Get(gateway, "/", i == 0 ? null : string.Join("; ", underWay));
            underWay.Add(Cookie(login));
        }

        using var next = await Get(gateway, "/", string.Join("; ", [underWay[0], "mine=1", .. underWay[1..]]));

        // A request has room for so many cookies only; those that a browser got first it sends first.
        var cookies = next.Headers.GetValues("Set-Cookie").ToList();
        Assert.Equal(2, cookies.Count);
        Assert.Contains("Max-Age=300", cookies[0], StringComparison.Ordinal);
        Assert.StartsWith(underWay[0].Split('=')[0] + "=; Path=/; Max-Age=0;", cookies[1], StringComparison.Ordinal);
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

    [Theory]
    [InlineData(500, "{\"error\":\"server_error\"}")]
    [InlineData(400, "{\"error\":\"invalid_grant\"}")]
    [InlineData(200, "junk")]
    [InlineData(200, "[]")]
    [InlineData(200, "{\"access_token\":\"a\"}")]
    [InlineData(200, "{\"id_token\":5}")]
    [InlineData(200, "{\"id_token\":\"a.b.c\"}")]
    public async Task Callback_ExchangeFails_Is500(int status, string body)
    {
        await using var provider = await Provider.StartAsync();
        provider.AnswerToken = context => TestUpstream.Json(context, body, status);
        await using var upstream = await TestUpstream.StartAsync();
        await using var gateway = await PolicyGateway.StartAsync(upstream, provider.Policy());
        using var first = await Get(gateway, "/");

        using var response = await Get(gateway, $"/oauth/callback?code=1&state={Query(first.Headers.Location!.Query)["state"]}", Cookie(first));

        Assert.Equal((500, "the login could not be completed"), ((int)response.StatusCode, await response.TextAsync()));
        Assert.False(response.Headers.Contains("Set-Cookie"));
    }

    [Theory]
    [InlineData("aud", "\"other\"")]
    [InlineData("aud", "[]")]
    [InlineData("iss", "\"https://other.test\"")]
    [InlineData("exp", "1")]
    [InlineData("nonce", "\"other\"")]
    [InlineData("nonce", "5")]
    public async Task Callback_IdTokenThatDoesNotValidate_Is500(string claim, string value)
    {
        await using var provider = await Provider.StartAsync();
        await using var upstream = await TestUpstream.StartAsync();
        await using var gateway = await PolicyGateway.StartAsync(upstream, provider.Policy());
        using var first = await Get(gateway, "/");
        provider.Nonce = Query(first.Headers.Location!.Query)["nonce"];
        provider.Claims[claim] = value;

        using var response = await Get(gateway, $"/oauth/callback?code=1&state={Query(first.Headers.Location!.Query)["state"]}", Cookie(first));

        Assert.Equal(HttpStatusCode.InternalServerError, response.StatusCode);
        Assert.False(response.Headers.Contains("Set-Cookie"));
    }

    [Fact]
    public async Task Session_EndsWithItsToken_LoginAgain()
    {
        var time = new FakeTimeProvider(DateTimeOffset.UtcNow);
        await using var provider = await Provider.StartAsync();
        await using var upstream = await TestUpstream.StartAsync();
        await using var gateway = await PolicyGateway.StartAsync(upstream, [provider.Policy()], [], [], time);
        var session = await LoginAsync(gateway, provider);

        Assert.Matches("^agw_oidc_s_[0-9a-f]{16}=", session);
        using var inside = await Get(gateway, "/", session);
        Assert.Equal(HttpStatusCode.OK, inside.StatusCode);

        // The token lives ten minutes; clocks may differ by one.
        time.Advance(TimeSpan.FromMinutes(11) + TimeSpan.FromSeconds(1));
        using var outside = await Get(gateway, "/", session);
        Assert.Equal(HttpStatusCode.Found, outside.StatusCode);
        Assert.Single(upstream.Seen);
    }

    [Fact]
    public async Task Transaction_OlderThanFiveMinutes_IsMissing()
    {
        var time = new FakeTimeProvider(DateTimeOffset.UtcNow);
        await using var provider = await Provider.StartAsync();
        await using var upstream = await TestUpstream.StartAsync();
        await using var gateway = await PolicyGateway.StartAsync(upstream, [provider.Policy()], [], [], time);
        using var first = await Get(gateway, "/");
        provider.Nonce = Query(first.Headers.Location!.Query)["nonce"];
        Assert.Contains("; Max-Age=300;", first.Headers.GetValues("Set-Cookie").Single(), StringComparison.Ordinal);

        time.Advance(TimeSpan.FromMinutes(5));
        using var response = await Get(gateway, $"/oauth/callback?code=1&state={Query(first.Headers.Location!.Query)["state"]}", Cookie(first));

        Assert.Equal((HttpStatusCode.BadRequest, "missing transaction"), (response.StatusCode, await response.TextAsync()));
    }

    [Fact]
    public async Task Session_OfALongToken_IsSpreadOverCookiesOrRefused()
    {
        await using var provider = await Provider.StartAsync();
        await using var upstream = await TestUpstream.StartAsync();
        await using var gateway = await PolicyGateway.StartAsync(upstream, provider.Policy());

        provider.Claims["groups"] = $"\"{new string('g', 5_000)}\"";
        var session = await LoginAsync(gateway, provider);
        using var inside = await Get(gateway, "/", session + "; mine=1");

        Assert.Equal(HttpStatusCode.OK, inside.StatusCode);
        Assert.Equal("mine=1", upstream.Last.Header("Cookie"));

        provider.Claims["groups"] = $"\"{new string('g', 20_000)}\"";
        using var first = await Get(gateway, "/");
        provider.Nonce = Query(first.Headers.Location!.Query)["nonce"];
        using var refused = await Get(gateway, $"/oauth/callback?code=1&state={Query(first.Headers.Location!.Query)["state"]}", Cookie(first));
        Assert.Equal(HttpStatusCode.InternalServerError, refused.StatusCode);
    }

    [Theory]
    [InlineData("//evil.test/x", "http://localhost:3000//evil.test/x")]
    [InlineData("http://evil.test/x", "http://localhost:3000/x")]
    [InlineData("/a%0d%0aSet-Cookie:%20b?to=http://evil.test", "http://localhost:3000/a%0d%0aSet-Cookie:%20b?to=http://evil.test")]
    [InlineData("/@evil.test", "http://localhost:3000/@evil.test")]
    public async Task Login_OriginalUrlOfAnAttacker_StaysOnThisSite(string target, string returned)
    {
        await using var provider = await Provider.StartAsync();
        await using var upstream = await TestUpstream.StartAsync();
        await using var gateway = await PolicyGateway.StartAsync(upstream, provider.Policy());
        var (head, _) = await gateway.SendRawAsync($"GET {target} HTTP/1.1\r\nHost: localhost\r\n\r\n");
        var query = Query(new Uri(Field(head, "Location")).Query);
        provider.Nonce = query["nonce"];

        using var callback = await Get(gateway, $"/oauth/callback?code=1&state={query["state"]}", Field(head, "Set-Cookie").Split(';')[0]);

        Assert.Equal(returned, callback.Headers.GetValues("Location").Single());
    }

    [Theory]
    [InlineData("POST", "", 302)]
    [InlineData("HEAD", "", 302)]
    [InlineData("OPTIONS", "", 302)]
    [InlineData("OPTIONS", "Origin: http://a\r\n", 302)]
    [InlineData("OPTIONS", "Origin: http://a\r\nAccess-Control-Request-Method: PUT\r\n", 200)]
    [InlineData("GET", "Accept: application/json\r\n", 302)]
    [InlineData("POST", "Content-Type: application/grpc\r\n", 200)]
    public async Task Request_WithoutSession_IsSentToLoginWhateverItIs(string method, string fields, int status)
    {
        await using var provider = await Provider.StartAsync();
        await using var upstream = await TestUpstream.StartAsync();
        await using var gateway = await PolicyGateway.StartAsync(upstream, provider.Policy());

        using var peer = await Backends.RawPeer.ConnectAsync(gateway.Address.Port);
        await peer.SendAsync($"{method} / HTTP/1.1\r\nHost: localhost\r\n{fields}\r\n");
        var head = await peer.ReadHeadAsync();

        Assert.StartsWith($"HTTP/1.1 {status} ", head, StringComparison.Ordinal);
        Assert.Equal(method == "OPTIONS" && status == 200 ? 1 : 0, upstream.Seen.Count);
        if (fields.Contains("grpc", StringComparison.Ordinal))
        {
            Assert.Equal(("16", "oidc%20authentication%20required"), (Field(head, "grpc-status"), Field(head, "grpc-message")));
        }
    }

    [Fact]
    public async Task Endpoints_OfTheConfiguration_NeedNoDiscovery()
    {
        await using var provider = await Provider.StartAsync();
        await using var upstream = await TestUpstream.StartAsync();
        await using var gateway = await PolicyGateway.StartAsync(upstream, provider.Policy() with
        {
            AuthorizationEndpoint = "https://login.test/start?tenant=1",
            TokenEndpoint = provider.Issuer + "/token",
            TokenEndpointAuth = TokenEndpointAuth.ClientSecretPost,
            Jwks = new Resource { Text = Issuer.Jwks() },
            RedirectUri = "https://localhost:3000/oauth/callback",
        });
        using var first = await Get(gateway, "/");
        Assert.StartsWith("https://login.test/start?tenant=1&response_type=code&", first.Headers.Location!.OriginalString, StringComparison.Ordinal);
        Assert.EndsWith("; Secure", first.Headers.GetValues("Set-Cookie").Single(), StringComparison.Ordinal);

        var session = await LoginAsync(gateway, provider);

        using var inside = await Get(gateway, "/", session);
        Assert.Equal(HttpStatusCode.OK, inside.StatusCode);
        Assert.Null(provider.TokenRequest!.Header("Authorization"));
        Assert.Equal(("browser", "s3cret"), (provider.TokenRequest.Form["client_id"].Single(), provider.TokenRequest.Form["client_secret"].Single()));
        Assert.Equal(["/token"], provider.Seen);
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

    // The cookies of a session, as a browser would send them.
    private static async Task<string> LoginAsync(TestGateway gateway, Provider provider)
    {
        using var first = await Get(gateway, "/");
        var query = Query(first.Headers.Location!.Query);
        provider.Nonce = query["nonce"];
        using var callback = await Get(gateway, $"/oauth/callback?code=1&state={query["state"]}", Cookie(first));
        Assert.Equal(HttpStatusCode.Found, callback.StatusCode);
        return string.Join("; ", callback.Headers.GetValues("Set-Cookie").Select(cookie => cookie.Split(';')[0]).Where(cookie => cookie.StartsWith("agw_oidc_s_", StringComparison.Ordinal)));
    }

    private static string Field(string head, string name)
    {
        var line = head.Split("\r\n").Single(line => line.StartsWith(name + ":", StringComparison.OrdinalIgnoreCase));
        return line[(name.Length + 1)..].Trim();
    }

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

        /// <summary>Claims of the id token that replace or join the usual ones, as JSON.</summary>
        public Dictionary<string, string> Claims { get; } = [];

        /// <summary>Answer of the token endpoint instead of a good one.</summary>
        public Func<HttpContext, Task>? AnswerToken { get; set; }

        public IEnumerable<string> Seen => _server.Seen.Select(request => request.Target);

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
            "/token" when AnswerToken is { } answer => answer(context),
            "/token" => TestUpstream.Json(context, $$"""{"access_token":"a","id_token":"{{IdToken()}}"}"""),
            _ => TestUpstream.Json(context, "{}", 404),
        };

        private string IdToken()
        {
            var claims = new Dictionary<string, string>
            {
                ["iss"] = $"\"{Issuer}\"",
                ["aud"] = "\"browser\"",
                ["sub"] = "\"alice\"",
                ["nonce"] = $"\"{Nonce}\"",
                ["exp"] = $"{DateTimeOffset.UtcNow.ToUnixTimeSeconds() + 600}",
            };
            foreach (var (name, value) in Claims)
            {
                claims[name] = value;
            }

            return OidcHandlerTests.Issuer.Sign("RS256", "{" + string.Join(',', claims.Select(claim => $"\"{claim.Key}\":{claim.Value}")) + "}");
        }
    }
}
