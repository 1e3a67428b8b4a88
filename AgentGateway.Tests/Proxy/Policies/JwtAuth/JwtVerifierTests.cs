using System.Text;
using AgentGateway.Proxy.Policies.JwtAuth;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace AgentGateway.Tests.Proxy.Policies.JwtAuth;

public sealed class JwtVerifierTests
{
    private static readonly TestIssuer Issuer = new();
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero));

    private DateTimeOffset Now => _time.GetUtcNow();

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
    public async Task Verify_EachAlgorithm_Accepts(string algorithm)
    {
        var (identity, failure) = await Verify(Issuer.Token(Now, algorithm));

        Assert.Null(failure);
        Assert.Equal("alice", identity!.Subject);
        Assert.Contains("\"aud\":\"api\"", Encoding.UTF8.GetString(identity.ClaimsJson.Span), StringComparison.Ordinal);
        Assert.Equal(Now.AddHours(1), identity.ExpiresAt);
    }

    [Theory]
    [InlineData("RS256")]
    [InlineData("ES256")]
    [InlineData("EdDSA")]
    public async Task Verify_ChangedPayload_Refuses(string algorithm)
    {
        var parts = Issuer.Token(Now, algorithm).Split('.');
        parts[1] = TestIssuer.Encode(Encoding.UTF8.GetBytes($$"""{"iss":"{{TestIssuer.Name}}","sub":"mallory","aud":"api","exp":{{Now.ToUnixTimeSeconds() + 3600}}}"""));

        Assert.Equal("the token is invalid or malformed: InvalidSignature", (await Verify(string.Join('.', parts))).Failure);
    }

    [Fact]
    public async Task Verify_SymmetricAlgorithm_Refuses() =>
        Assert.Equal("token uses the unknown key \"oct\"", (await Verify(Issuer.Token(Now, "HS256"))).Failure);

    [Fact]
    public async Task Verify_SymmetricSignatureOverPublicKeyId_Refuses() =>
        Assert.StartsWith("the token is invalid or malformed: Invalid", (await Verify(Issuer.Token(Now, "HS256", "rsa"))).Failure, StringComparison.Ordinal);

    [Fact]
    public async Task Verify_AlgorithmNone_Refuses() =>
        Assert.StartsWith("the token is invalid or malformed: Invalid", (await Verify(Issuer.Token(Now, "none", "rsa"))).Failure, StringComparison.Ordinal);

    [Fact]
    public async Task Verify_EncryptionKey_Refuses() =>
        Assert.Equal("token uses the unknown key \"enc\"", (await Verify(Issuer.Token(Now, kid: "enc"))).Failure);

    [Fact]
    public async Task Verify_NoKeyId_Refuses() =>
        Assert.Equal("the token header does not specify a `kid`", (await Verify(Issuer.Token(Now, kid: ""))).Failure);

    [Fact]
    public async Task Verify_KeyIdWithControlCharacters_IsNotRepeatedRaw() =>
        Assert.Equal("token uses the unknown key \"a??b\"", (await Verify(Issuer.Token(Now, kid: "a\r\nb"))).Failure);

    [Theory]
    [InlineData("")]
    [InlineData("abc")]
    [InlineData("a.b.c")]
    [InlineData("...")]
    [InlineData("eyJhbGciOiJSUzI1NiJ9..")]
    public async Task Verify_NotAToken_Refuses(string token) =>
        Assert.NotNull((await Verify(token)).Failure);

    [Fact]
    public async Task Verify_CriticalHeader_Refuses()
    {
        var token = Issuer.Sign("RS256", Claims(), moreHeader: ",\"crit\":[\"b64\"],\"b64\":false");

        Assert.Equal("the token is invalid or malformed: InvalidToken", (await Verify(token)).Failure);
    }

    [Fact]
    public async Task Verify_TooLong_Refuses()
    {
        var token = Issuer.Token(Now, more: $",\"x\":\"{new string('x', JwtVerifier.MaxTokenLength)}\"");

        Assert.StartsWith("the token is invalid or malformed: longer than", (await Verify(token)).Failure, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(-59, null)]
    [InlineData(-60, "the token is invalid or malformed: ExpiredSignature")]
    public async Task Verify_Expired_AllowsAMinuteOfSkew(int seconds, string? expected) =>
        Assert.Equal(expected, (await Verify(Issuer.Sign("RS256", Claims(expires: seconds)))).Failure);

    [Theory]
    [InlineData(60, null)]
    [InlineData(61, "the token is invalid or malformed: ImmatureSignature")]
    public async Task Verify_NotYetValid_AllowsAMinuteOfSkew(int seconds, string? expected) =>
        Assert.Equal(expected, (await Verify(Issuer.Token(Now, more: $",\"nbf\":{Now.ToUnixTimeSeconds() + seconds}"))).Failure);

    [Fact]
    public async Task Verify_OtherIssuer_Refuses() =>
        Assert.Equal(
            "the token is invalid or malformed: InvalidIssuer",
            (await Verify(Issuer.Sign("RS256", $$"""{"iss":"https://other.test","aud":"api","exp":{{Now.ToUnixTimeSeconds() + 60}}}"""))).Failure);

    [Theory]
    [InlineData("\"other\"", false)]
    [InlineData("[\"other\",\"api\"]", true)]
    [InlineData("\"api2\"", true)]
    [InlineData("[]", false)]
    public async Task Verify_Audience_AnyOfTheListed(string audience, bool accepted)
    {
        var token = Issuer.Sign("RS256", $$"""{"iss":"{{TestIssuer.Name}}","aud":{{audience}},"exp":{{Now.ToUnixTimeSeconds() + 60}}}""");

        Assert.Equal(accepted ? null : "the token is invalid or malformed: InvalidAudience", (await Verify(token, audiences: ["api", "api2"])).Failure);
    }

    [Fact]
    public async Task Verify_NoAudiencesConfigured_DoesNotCheck()
    {
        var verifier = new JwtVerifier([new JwtProvider(TestIssuer.Name, null, ["exp"], new FixedKeySource(Keys(Issuer.Jwks())), _time)], _time);

        Assert.Null((await verifier.VerifyAsync(Issuer.Token(Now), TestContext.Current.CancellationToken)).Failure);
    }

    [Fact]
    public async Task Verify_EmptyListOfAudiences_AcceptsNoToken() =>
        Assert.Equal("the token is invalid or malformed: InvalidAudience", (await Verify(Issuer.Token(Now), audiences: [])).Failure);

    [Fact]
    public async Task Verify_MissingExpiry_RefusesByDefault()
    {
        var token = Issuer.Sign("RS256", $$"""{"iss":"{{TestIssuer.Name}}","aud":"api"}""");

        Assert.Equal("the token is invalid or malformed: Missing required claim: exp", (await Verify(token)).Failure);
        Assert.Null((await Verify(token, required: [])).Failure);
        Assert.Equal("the token is invalid or malformed: Missing required claim: sub", (await Verify(token, required: ["sub"])).Failure);
    }

    [Fact]
    public async Task FindValidated_AfterVerification_AnswersUntilExpiry()
    {
        var verifier = Create(new FixedKeySource(Keys(Issuer.Jwks())));
        var token = Issuer.Token(Now);
        Assert.Null(verifier.FindValidated(token));
        var (identity, _) = await verifier.VerifyAsync(token, TestContext.Current.CancellationToken);

        Assert.Same(identity, verifier.FindValidated(token));
        _time.Advance(TimeSpan.FromMinutes(60.9));
        Assert.Same(identity, verifier.FindValidated(token));
        _time.Advance(TimeSpan.FromMinutes(0.1));
        Assert.Null(verifier.FindValidated(token));
    }

    [Fact]
    public async Task FindValidated_AfterKeysChanged_AnswersNothing()
    {
        var source = new ChangingKeys(Keys(Issuer.Jwks()));
        var verifier = Create(source);
        var token = Issuer.Token(Now);
        await verifier.VerifyAsync(token, TestContext.Current.CancellationToken);

        source.Keys = Keys(Issuer.Jwks(leaveOut: "rsa"));

        Assert.Null(verifier.FindValidated(token));
        Assert.Equal("token uses the unknown key \"rsa\"", (await verifier.VerifyAsync(token, TestContext.Current.CancellationToken)).Failure);
    }

    [Fact]
    public async Task Verify_KeyIdOfTwoIssuers_TakesTheTokensOwn()
    {
        var other = new TestIssuer();
        var verifier = new JwtVerifier(
            [
                new JwtProvider("https://other.test", null, ["exp"], new FixedKeySource(Keys(other.Jwks())), _time),
                new JwtProvider(TestIssuer.Name, null, ["exp"], new FixedKeySource(Keys(Issuer.Jwks())), _time),
            ],
            _time);

        Assert.Null((await verifier.VerifyAsync(Issuer.Token(Now), TestContext.Current.CancellationToken)).Failure);
        Assert.NotNull((await verifier.VerifyAsync(other.Token(Now), TestContext.Current.CancellationToken)).Failure);
    }

    [Fact]
    public async Task Cache_ManyTokens_StaysBounded()
    {
        var cache = new JwtCache(capacity: 10);
        var (identity, _) = await Verify(Issuer.Token(Now));
        for (var i = 0; i < 100; i++)
        {
            cache.Add("t" + i, new JwtCache.Entry(identity!, JsonWebKeys.Empty, null!, DateTimeOffset.MaxValue));
        }

        Assert.NotNull(cache.Find("t99"));
        Assert.Null(cache.Find("t0"));
        Assert.Null(cache.Find("t79"));
    }

    [Theory]
    [InlineData("", "a JSON Web Key Set is a JSON object")]
    [InlineData("[]", "a JSON Web Key Set is a JSON object with the list `keys`")]
    [InlineData("""{"keys":[{"kty":"RSA","kid":"a"}]}""", "key \"a\" of the JSON Web Key Set has a missing or broken `n`")]
    [InlineData("""{"keys":[{"kty":"EC","crv":"P-256","kid":"a","x":"AA","y":"AA"}]}""", "key \"a\" of the JSON Web Key Set has a missing or broken `x` or `y`")]
    public void Parse_BrokenKeySet_SaysWhat(string json, string message) =>
        Assert.StartsWith(message, Assert.Throws<FormatException>(() => Keys(json)).Message, StringComparison.Ordinal);

    private string Claims(int expires = 3600) => $$"""{"iss":"{{TestIssuer.Name}}","aud":"api","exp":{{Now.ToUnixTimeSeconds() + expires}}}""";

    private async Task<JwtResult> Verify(string token, string[]? audiences = null, string[]? required = null) =>
        await Create(new FixedKeySource(Keys(Issuer.Jwks())), audiences, required).VerifyAsync(token, TestContext.Current.CancellationToken);

    private JwtVerifier Create(IKeySource keys, string[]? audiences = null, string[]? required = null) =>
        new([new JwtProvider(TestIssuer.Name, audiences ?? ["api"], required ?? ["exp"], keys, _time)], _time);

    private static JsonWebKeys Keys(string json) => JsonWebKeys.Parse(Encoding.UTF8.GetBytes(json));

    private sealed class ChangingKeys(JsonWebKeys keys) : IKeySource
    {
        public JsonWebKeys Keys { get; set; } = keys;

        public ValueTask<JsonWebKeys> GetAsync(CancellationToken cancellationToken) => new(Keys);

        public ValueTask<JsonWebKeys> GetNewerAsync(CancellationToken cancellationToken) => new(Keys);
    }
}
