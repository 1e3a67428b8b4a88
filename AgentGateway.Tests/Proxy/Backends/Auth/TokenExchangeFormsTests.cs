using System.Net;
using System.Security.Cryptography;
using System.Text.Json;
using AgentGateway.Tests.Proxy.Acceptance;
using AgentGateway.Tests.Proxy.Policies;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;
using Xunit;

namespace AgentGateway.Tests.Proxy.Backends.Auth;

/// <summary>What <c>oauthTokenExchange</c> sends to the token endpoint, by its settings, and where the token goes.</summary>
public sealed class TokenExchangeFormsTests
{
    private static readonly string Key = Pem();

    [Theory]
    [InlineData("{}", "grant_type=urn:ietf:params:oauth:grant-type:token-exchange|subject_token=user|subject_token_type=urn:ietf:params:oauth:token-type:access_token")]
    [InlineData("{grantType: jwtBearer, scopes: [a, b]}", "grant_type=urn:ietf:params:oauth:grant-type:jwt-bearer|assertion=user|scope=a b")]
    [InlineData(
        "{subjectToken: {source: {header: {name: x-subject}}, tokenType: 'urn:ietf:params:oauth:token-type:jwt'}, actorToken: {source: {cookie: {name: actor}}}, requestedTokenType: 'urn:x:y', resources: ['https://r.test']}",
        "grant_type=urn:ietf:params:oauth:grant-type:token-exchange|subject_token=subject|subject_token_type=urn:ietf:params:oauth:token-type:jwt|actor_token=actor|actor_token_type=urn:ietf:params:oauth:token-type:access_token|requested_token_type=urn:x:y|resource=https://r.test")]
    [InlineData("{additionalParams: {method: 'request.method', fixed: '\"1 & 2\"'}}", "grant_type=urn:ietf:params:oauth:grant-type:token-exchange|subject_token=user|subject_token_type=urn:ietf:params:oauth:token-type:access_token|fixed=1 & 2|method=GET")]
    [InlineData("{clientAuth: {clientId: c, clientSecret: s, method: clientSecretPost}}", "grant_type=urn:ietf:params:oauth:grant-type:token-exchange|subject_token=user|subject_token_type=urn:ietf:params:oauth:token-type:access_token|client_id=c|client_secret=s")]
    public async Task Form_HoldsWhatTheSettingsSay(string settings, string form)
    {
        await using var endpoint = await TestUpstream.StartAsync(context => TestUpstream.Json(context, """{"access_token":"new","token_type":"Bearer"}"""));
        await using var upstream = await TestUpstream.StartAsync();
        await using var gateway = await ConfiguredRoute.StartAsync(upstream.Port, "{}", Policy(endpoint, settings));

        using var response = await gateway.GetAsync("/", ("Authorization", "Bearer user"), ("x-subject", "subject"), ("Cookie", "actor=actor"));

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        var sent = endpoint.Last.Form.SelectMany(values => values.Select(value => $"{values.Key}={value}"));
        Assert.Equal(form.Split('|').Order(StringComparer.Ordinal), sent.Order(StringComparer.Ordinal));
        Assert.Equal("application/x-www-form-urlencoded", endpoint.Last.Header("Content-Type")!.Split(';')[0]);
        Assert.Equal("Bearer new", upstream.Last.Header("Authorization"));
    }

    [Fact]
    public async Task Client_WithAKey_SignsAnAssertion()
    {
        await using var endpoint = await TestUpstream.StartAsync(context => TestUpstream.Json(context, """{"access_token":"new","token_type":"Bearer"}"""));
        await using var upstream = await TestUpstream.StartAsync();
        await using var gateway = await ConfiguredGateway.StartAsync(
            ConfiguredRoute.Text(
                upstream.Port,
                "{}",
                Policy(endpoint, "{clientAuth: {clientId: c, method: privateKeyJwt, signingKey: {file: key.pem}, alg: ES256, kid: k1, assertionAudience: 'https://as.test/token'}}")),
            new Dictionary<string, string> { ["key.pem"] = Key });

        using var response = await gateway.GetAsync("/", ("Authorization", "Bearer user"));

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        var form = endpoint.Last.Form;
        Assert.Equal(("c", "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"), (form["client_id"].Single(), form["client_assertion_type"].Single()));
        var assertion = new JsonWebToken(form["client_assertion"].Single());
        Assert.Equal(("k1", "ES256", "c", "c", "https://as.test/token"), (assertion.Kid, assertion.Alg, assertion.Issuer, assertion.Subject, assertion.Audiences.Single()));
        Assert.Equal(60, JsonDocument.Parse(Base64UrlEncoder.Decode(assertion.EncodedPayload)).RootElement is var claims ? claims.GetProperty("exp").GetInt64() - claims.GetProperty("iat").GetInt64() : 0);
    }

    [Theory]
    [InlineData("{header: {name: x-token}}", "x-token", "new", "/")]
    [InlineData("{header: {name: x-token, prefix: 'T '}}", "x-token", "T new", "/")]
    [InlineData("{cookie: {name: t}}", "Cookie", "t=new", "/")]
    [InlineData("{queryParameter: {name: t}}", "x-none", null, "/?t=new")]
    public async Task Token_IsPutWhereTheSettingsSay(string location, string header, string? value, string target)
    {
        await using var endpoint = await TestUpstream.StartAsync(context => TestUpstream.Json(context, """{"access_token":"new","token_type":"Bearer"}"""));
        await using var upstream = await TestUpstream.StartAsync();
        await using var gateway = await ConfiguredRoute.StartAsync(upstream.Port, "{}", Policy(endpoint, $"{{authorizationLocation: {location}}}"));

        using var response = await gateway.GetAsync("/", ("Authorization", "Bearer user"));

        Assert.Equal((value, target), (upstream.Last.Header(header), upstream.Last.Target));
    }

    [Theory]
    [InlineData(200, "{}")]
    [InlineData(200, "junk")]
    [InlineData(200, "{\"access_token\":5}")]
    [InlineData(200, "{\"access_token\":\"\"}")]
    [InlineData(200, "{\"access_token\":\"a\\r\\nx-injected: b\"}")]
    [InlineData(401, "{\"error\":\"invalid_client\"}")]
    [InlineData(302, "")]
    public async Task Answer_WithoutAToken_IsAFailureOfTheGateway(int status, string body)
    {
        await using var endpoint = await TestUpstream.StartAsync(context => TestUpstream.Json(context, body, status));
        await using var upstream = await TestUpstream.StartAsync();
        await using var gateway = await ConfiguredRoute.StartAsync(upstream.Port, "{}", Policy(endpoint, "{}"));

        using var response = await gateway.GetAsync("/", ("Authorization", "Bearer user"));

        Assert.True((int)response.StatusCode is 500 or 503, $"{(int)response.StatusCode}");
        Assert.Empty(upstream.Seen);
    }

    private static string Policy(TestUpstream endpoint, string settings) =>
        $"{{backendAuth: {{oauthTokenExchange: {{host: '127.0.0.1:{endpoint.Port}', path: /token{(settings == "{}" ? "" : ", " + settings[1..^1])}}}}}}}";

    private static string Pem()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        return key.ExportPkcs8PrivateKeyPem();
    }
}
