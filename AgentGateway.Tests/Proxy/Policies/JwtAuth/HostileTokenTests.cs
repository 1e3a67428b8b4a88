using System.Net;
using System.Text.Json;
using AgentGateway.Tests.Proxy.Acceptance;
using Xunit;

namespace AgentGateway.Tests.Proxy.Policies.JwtAuth;

/// <summary>Tokens of all algorithms and of all kinds of attackers, sent to the running gateway: 200, or 401 with its text, and nothing else.</summary>
public sealed class HostileTokenTests : IAsyncLifetime
{
    private const string Prefix = "authentication failure: ";
    private const string Invalid = Prefix + "the token is invalid or malformed: ";

    private static readonly TestIssuer Issuer = new();
    private static readonly TestIssuer Other = new("other-");
    private TestUpstream _upstream = null!;
    private TestGateway _gateway = null!;

    public async ValueTask InitializeAsync()
    {
        _upstream = await TestUpstream.StartAsync();
        _gateway = await ConfiguredRoute.StartAsync(
            _upstream.Port,
            $"{{jwtAuth: {{mode: strict, providers: [{{issuer: '{TestIssuer.Name}', audiences: [api, web], jwks: '{Issuer.Jwks()}'}}, "
            + $"{{issuer: 'https://other.test', jwks: '{Other.Jwks()}', jwtValidationOptions: {{requiredClaims: [tenant]}}}}]}}, "
            + "transformations: {request: {set: {x-sub: 'jwt.sub', x-iss: 'jwt.iss'}}}}");
    }

    public async ValueTask DisposeAsync()
    {
        await _gateway.DisposeAsync();
        await _upstream.DisposeAsync();
    }

    [Theory]
    [InlineData("RS256")]
    [InlineData("RS384")]
    [InlineData("RS512")]
    [InlineData("PS256")]
    [InlineData("PS384")]
    [InlineData("PS512")]
    [InlineData("ES256")]
    [InlineData("ES384")]
    [InlineData("EdDSA")]
    public async Task Token_OfEachAlgorithm_PassesAndIsTakenOut(string algorithm)
    {
        using var response = await SendAsync(Issuer.Token(DateTimeOffset.UtcNow, algorithm));

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(("alice", TestIssuer.Name, null), (_upstream.Last.Header("x-sub"), _upstream.Last.Header("x-iss"), _upstream.Last.Header("Authorization")));
    }

    [Theory]
    [InlineData("""{"iss":"https://other.test","sub":"bob","tenant":"t"}""", "rsa", null)]
    [InlineData("""{"iss":"https://other.test","sub":"bob","tenant":"t","exp":1}""", "rsa", Invalid + "ExpiredSignature")]
    [InlineData("""{"iss":"https://other.test","sub":"bob"}""", "rsa", Invalid + "Missing required claim: tenant")]
    [InlineData("""{"iss":"https://other.test","sub":"bob","tenant":null}""", "rsa", Invalid + "Missing required claim: tenant")]
    [InlineData("""{"iss":"https://issuer.test","sub":"bob","tenant":"t"}""", "rsa", Invalid + "InvalidIssuer")] // Signed by the one, said to be of the other.
    [InlineData("""{"iss":"https://other.test","sub":"bob","tenant":"t"}""", "none", Prefix + "token uses the unknown key \"other-none\"")]
    public async Task Token_OfTheSecondProvider_IsJudgedByItsOwnRules(string payload, string kid, string? refusal)
    {
        using var response = await SendAsync(Other.Sign("RS256", payload, kid));

        await AssertAsync(response, refusal);
    }

    public static TheoryData<string, string> Claims => new()
    {
        { """{"aud":"nobody"}""", Invalid + "InvalidAudience" },
        { """{"aud":[]}""", Invalid + "InvalidAudience" },
        { """{"aud":["x","web"]}""", "" },
        { """{"aud":5}""", Invalid + "InvalidToken" },
        { """{"aud":{"a":"api"}}""", Invalid + "InvalidToken" },
        { """{"iss":"https://evil.test"}""", Invalid + "InvalidIssuer" },
        { """{"iss":"https://issuer.test/"}""", Invalid + "InvalidIssuer" },
        { """{"iss":["https://issuer.test"]}""", Invalid + "InvalidToken" },
        { """{"iss":null}""", Invalid + "InvalidIssuer" },
        { """{"exp":1}""", Invalid + "ExpiredSignature" },
        { """{"exp":-5}""", Invalid + "ExpiredSignature" },
        { """{"exp":null}""", Invalid + "InvalidToken" },
        { """{"exp":"soon"}""", Invalid + "InvalidToken" },
        { """{"exp":1e300}""", Invalid + "InvalidToken" },
        { """{"exp":99999999999999999999}""", Invalid + "InvalidToken" },
        { """{"exp":9223372036854775807}""", "" },
        { """{"nbf":253402300799}""", Invalid + "ImmatureSignature" },
        { """{"nbf":[]}""", Invalid + "InvalidToken" },
        { """{"sub":5}""", "" },
    };

    [Theory]
    [MemberData(nameof(Claims))]
    public async Task Token_WithOddClaims_IsRefusedOrPasses(string claims, string refusal)
    {
        var payload = new Dictionary<string, JsonElement>
        {
            ["iss"] = JsonSerializer.SerializeToElement(TestIssuer.Name),
            ["aud"] = JsonSerializer.SerializeToElement("api"),
            ["exp"] = JsonSerializer.SerializeToElement(DateTimeOffset.UtcNow.ToUnixTimeSeconds() + 600),
        };
        foreach (var claim in JsonDocument.Parse(claims).RootElement.EnumerateObject())
        {
            payload[claim.Name] = claim.Value;
        }

        using var response = await SendAsync(Issuer.Sign("RS256", JsonSerializer.Serialize(payload)));

        await AssertAsync(response, refusal.Length == 0 ? null : refusal);
    }

    [Theory]
    [InlineData("none", "rsa", "")]
    [InlineData("NONE", "rsa", "")]
    [InlineData("HS256", "rsa", "")] // Key confusion: the public key as a secret.
    [InlineData("HS256", "oct", "")]
    [InlineData("ES256", "rsa", "")]
    [InlineData("RS256", "p256", "")]
    [InlineData("RS256", "ed", "")]
    [InlineData("RS256", "enc", "")]
    [InlineData("RS256", "", "")]
    [InlineData("RS256", "rsa", ",\"crit\":[\"exp\"]")]
    [InlineData("RS256", "rsa", ",\"crit\":[],\"b64\":false")]
    [InlineData("RS256", "rsa", ",\"typ\":{}")]
    public async Task Token_WhoseHeaderLies_IsRefused(string algorithm, string kid, string more)
    {
        using var response = await SendAsync(Issuer.Sign(
            algorithm, $$"""{"iss":"{{TestIssuer.Name}}","aud":"api","exp":{{DateTimeOffset.UtcNow.ToUnixTimeSeconds() + 600}}}""", kid, more));

        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
        Assert.StartsWith(Prefix, await response.TextAsync(), StringComparison.Ordinal);
        Assert.Empty(_upstream.Seen);
    }

    [Theory]
    [InlineData("")]
    [InlineData("1")]
    [InlineData("[]")]
    [InlineData("null")]
    [InlineData("{")]
    [InlineData("{}")]
    [InlineData("\ufeff{}")]
    public async Task Token_WhosePayloadIsNoObject_IsRefused(string payload)
    {
        using var response = await SendAsync(Issuer.Sign("RS256", payload));

        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
    }

    [Fact]
    public async Task Token_DeepOrLong_IsRefusedWithoutDelay()
    {
        foreach (var token in (string[])[Issuer.Sign("RS256", new string('[', 5_000)), Issuer.Sign("RS256", $"{{\"a\":{new string('[', 3_000)}{new string(']', 3_000)}}}"), new string('A', 30_000), ".", "..", "a.b.c", "....", "=.=.=",
            TestIssuer.Encode("{\"alg\":5,\"kid\":\"rsa\"}".Utf8()) + ".e30.AAAA", TestIssuer.Encode("{\"alg\":\"RS256\",\"kid\":5}".Utf8()) + ".e30.AAAA"])
        {
            using var response = await SendAsync(token);
            await AssertAsync(response, Invalid + "InvalidToken");
        }
    }

    [Theory]
    [InlineData("{header: {name: x-token}}", "x-token", "TOKEN", "")]
    [InlineData("{header: {name: x-token, prefix: 'JWT '}}", "x-token", "jwt TOKEN", "")]
    [InlineData("{cookie: {name: session}}", "Cookie", "a=1; session=TOKEN; b=2", "a=1; b=2")]
    [InlineData("{queryParameter: {name: access_token}}", "x-none", "1", "")]
    [InlineData("{expression: 'request.headers[\"x-token\"].split(\"|\")[1]'}", "x-token", "v1|TOKEN", "v1|TOKEN")]
    public async Task Location_OfEachKind_GivesTheTokenAndLosesIt(string location, string header, string value, string left)
    {
        await using var gateway = await ConfiguredRoute.StartAsync(
            _upstream.Port, $"{{jwtAuth: {{mode: strict, issuer: '{TestIssuer.Name}', jwks: '{Issuer.Jwks()}', location: {location}}}}}");
        var token = Issuer.Token(DateTimeOffset.UtcNow);

        using var without = await gateway.GetAsync("/?x=1");
        using var with = await gateway.GetAsync(location.Contains("query", StringComparison.Ordinal) ? $"/?x=1&access_token={token}&y=2" : "/?x=1&y=2", (header, value.Replace("TOKEN", token, StringComparison.Ordinal)));

        Assert.Equal((401, 200), ((int)without.StatusCode, (int)with.StatusCode));
        Assert.Equal("/?x=1&y=2", _upstream.Last.Target);
        if (header != "x-none")
        {
            Assert.Equal(left.Replace("TOKEN", token, StringComparison.Ordinal), _upstream.Last.Header(header) ?? "");
        }
    }

    [Fact]
    public async Task Keys_OfOneIdAndTwoKinds_AreChosenByTheAlgorithm()
    {
        // An issuer that names an RSA and an EC key alike.
        var keys = Issuer.Jwks("enc", "p384", "ed", "oct").Replace("\"p256\"", "\"rsa\"", StringComparison.Ordinal);
        await using var gateway = await ConfiguredRoute.StartAsync(_upstream.Port, $"{{jwtAuth: {{mode: strict, issuer: '{TestIssuer.Name}', jwks: '{keys}'}}}}");

        foreach (var algorithm in (string[])["RS256", "ES256"])
        {
            using var response = await gateway.GetAsync("/", ("Authorization", "Bearer " + Issuer.Token(DateTimeOffset.UtcNow, algorithm, "rsa")));
            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        }
    }

    private Task<HttpResponseMessage> SendAsync(string token) => _gateway.GetAsync("/", ("Authorization", "Bearer " + token));

    private static async Task AssertAsync(HttpResponseMessage response, string? refusal)
    {
        Assert.Equal((refusal is null ? HttpStatusCode.OK : HttpStatusCode.Unauthorized, refusal ?? ""), (response.StatusCode, await response.TextAsync()));
    }
}
