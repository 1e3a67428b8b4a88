using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using AgentGateway.Configuration;
using AgentGateway.Configuration.Snapshot;
using AgentGateway.Configuration.Snapshot.Policies;
using AgentGateway.Tests.Proxy.Policies;
using AgentGateway.Tests.Proxy.Policies.JwtAuth;
using Microsoft.Extensions.Time.Testing;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;
using Xunit;
using JwtAuthSettings = AgentGateway.Configuration.Snapshot.Policies.JwtAuth;

namespace AgentGateway.Tests.Proxy.Backends.Auth;

public sealed class BackendAuthenticationTests
{
    private static readonly TestIssuer Issuer = new();

    [Fact]
    public async Task Key_Default_IsABearerToken()
    {
        await using var upstream = await TestUpstream.StartAsync();
        await using var gateway = await Start(upstream, new BackendAuth { Key = new KeyAuth(new Secret("sk-1"), null) });

        using var response = await Get(gateway, "client-token");

        Assert.Equal("Bearer sk-1", upstream.Last.Header("Authorization"));
    }

    [Fact]
    public async Task Key_WithLocationsAndCredentials_AreAllPut()
    {
        await using var upstream = await TestUpstream.StartAsync();
        await using var gateway = await Start(upstream, new BackendAuth
        {
            Key = new KeyAuth(new Secret("k&1"), new AuthorizationLocation { QueryParameter = "key" }),
            Credentials =
            [
                new BackendCredential { Location = new AuthorizationLocation { Header = new HeaderLocation("x-api-key", "") }, Key = new Secret("two") },
                new BackendCredential { Location = new AuthorizationLocation { Cookie = "session" }, Key = new Secret("three") },
            ],
        });

        using var response = await Get(gateway);

        Assert.Equal(("/?key=k%261", "two", "session=three"), (upstream.Last.Target, upstream.Last.Header("x-api-key"), upstream.Last.Header("Cookie")));
    }

    [Fact]
    public async Task Passthrough_ValidatedToken_IsPutBack()
    {
        await using var upstream = await TestUpstream.StartAsync();
        await using var gateway = await PolicyGateway.StartAsync(
            upstream,
            [new JwtAuthSettings { Mode = AuthenticationMode.Strict, Providers = [new JwtProvider { Issuer = TestIssuer.Name, Jwks = new Resource { Text = Issuer.Jwks() } }] }],
            [],
            [new BackendAuth { Passthrough = new PassthroughAuth(new AuthorizationLocation { Header = new HeaderLocation("x-user-token", "") }) }]);
        var token = Issuer.Token(DateTimeOffset.UtcNow);

        using var response = await Get(gateway, token);

        Assert.Equal(token, upstream.Last.Header("x-user-token"));
        Assert.Null(upstream.Last.Header("Authorization"));
    }

    [Fact]
    public async Task JwtSign_EachRequest_CarriesATokenOfThisMoment()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var time = new FakeTimeProvider(DateTimeOffset.FromUnixTimeSeconds(1_800_000_000));
        await using var upstream = await TestUpstream.StartAsync();
        await using var gateway = await Start(
            upstream,
            new BackendAuth
            {
                JwtSign = new JwtSign
                {
                    SigningKey = new Secret(key.ExportPkcs8PrivateKeyPem()),
                    Alg = JwtSigningAlgorithm.ES256,
                    Kid = "k1",
                    Claims = new JsonText("""{"iss":"gw","roles":["a"]}"""),
                    Ttl = TimeSpan.FromSeconds(90),
                },
            },
            time);

        using var response = await Get(gateway);

        var token = upstream.Last.Header("Authorization")!["Bearer ".Length..];
        var parsed = new JsonWebToken(token);
        Assert.Equal("k1", parsed.Kid);
        Assert.Equal("""{"iss":"gw","roles":["a"],"iat":1800000000,"exp":1800000090}""", Base64UrlEncoder.Decode(parsed.EncodedPayload));
        var dot = token.LastIndexOf('.');
        Assert.True(key.VerifyData(Encoding.ASCII.GetBytes(token[..dot]), Base64UrlEncoder.DecodeBytes(token[(dot + 1)..]), HashAlgorithmName.SHA256));
    }

    [Fact]
    public async Task TokenExchange_SameToken_IsExchangedOnce()
    {
        var time = new FakeTimeProvider(DateTimeOffset.UtcNow);
        await using var endpoint = await TestUpstream.StartAsync(context => TestUpstream.Json(context, """{"access_token":"exchanged","expires_in":100,"token_type":"Bearer"}"""));
        await using var upstream = await TestUpstream.StartAsync();
        await using var gateway = await Start(upstream, Exchange(endpoint) with { }, time);

        using var first = await Get(gateway, "user-token");
        using var second = await Get(gateway, "user-token");

        Assert.Equal(HttpStatusCode.OK, second.StatusCode);
        Assert.Equal("Bearer exchanged", upstream.Last.Header("Authorization"));
        var asked = Assert.Single(endpoint.Seen);
        Assert.Equal(("POST", "/token"), (asked.Method, asked.Target));
        Assert.Equal("Basic " + Convert.ToBase64String("requester:se%2Fcret"u8), asked.Header("Authorization"));
        Assert.Equal(["urn:ietf:params:oauth:grant-type:token-exchange"], asked.Form["grant_type"]);
        Assert.Equal(["user-token"], asked.Form["subject_token"]);
        Assert.Equal(["a", "b"], asked.Form["audience"]);
        Assert.Equal(["x y"], asked.Form["scope"]);

        time.Advance(TimeSpan.FromSeconds(91));
        using var third = await Get(gateway, "user-token");
        using var other = await Get(gateway, "other-token");
        Assert.Equal(3, endpoint.Seen.Count);
    }

    [Fact]
    public async Task TokenExchange_Refused_SaysTheErrorCodeOnly()
    {
        await using var endpoint = await TestUpstream.StartAsync(context => TestUpstream.Json(context, """{"error":"invalid_grant","error_description":"user-token is bad"}""", 400));
        await using var upstream = await TestUpstream.StartAsync();
        await using var gateway = await Start(upstream, Exchange(endpoint));

        using var response = await Get(gateway, "user-token");

        Assert.Equal(HttpStatusCode.InternalServerError, response.StatusCode);
        Assert.Equal(
            "backend authentication failed: the token endpoint answered 400 (invalid_grant)", await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        Assert.Empty(upstream.Seen);
    }

    [Fact]
    public async Task TokenExchange_NoToken_Fails()
    {
        await using var endpoint = await TestUpstream.StartAsync();
        await using var upstream = await TestUpstream.StartAsync();
        await using var gateway = await Start(upstream, Exchange(endpoint));

        using var response = await Get(gateway);

        Assert.Equal(HttpStatusCode.InternalServerError, response.StatusCode);
        Assert.Empty(endpoint.Seen);
    }

    [Fact]
    public async Task Aws_RequestWithBody_IsSignedAndArrivesWhole()
    {
        await using var upstream = await TestUpstream.StartAsync();
        await using var gateway = await Start(
            upstream,
            new BackendAuth
            {
                Aws = new AwsAuth { AccessKeyId = "AKIDEXAMPLE", SecretAccessKey = new Secret("secret"), SessionToken = new Secret("st"), Region = "eu-west-1", ServiceName = "bedrock" },
            });

        using var response = await gateway.Client.PostAsync("/model/a%3Ab/invoke?x=1", new StringContent("{\"a\":1}"), TestContext.Current.CancellationToken);

        Assert.Equal("{\"a\":1}", upstream.Last.Body);
        Assert.Matches(
            "^AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/[0-9]{8}/eu-west-1/bedrock/aws4_request, SignedHeaders=content-type;host;x-amz-date;x-amz-security-token, Signature=[0-9a-f]{64}$",
            upstream.Last.Header("Authorization")!);
        Assert.Equal("st", upstream.Last.Header("X-Amz-Security-Token"));
    }

    private static BackendAuth Exchange(TestUpstream endpoint) => new()
    {
        OAuthTokenExchange = new OAuthTokenExchange
        {
            Target = new BackendReference { Host = new TargetAddress("127.0.0.1", endpoint.Port) },
            Path = "/token",
            Audiences = ["a", "b"],
            Scopes = ["x", "y"],
            ClientAuth = new OAuthClientAuth { ClientId = "requester", ClientSecret = new Secret("se/cret") },
        },
    };

    private static Task<TestGateway> Start(TestUpstream upstream, BackendAuth auth, TimeProvider? time = null) =>
        PolicyGateway.StartAsync(upstream, [], [], [auth], time);

    private static Task<HttpResponseMessage> Get(TestGateway gateway, string? token = null)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, "/");
        if (token is not null)
        {
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        }

        return gateway.Client.SendAsync(request, TestContext.Current.CancellationToken);
    }
}
