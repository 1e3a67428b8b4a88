using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using AgentGateway.Configuration;
using AgentGateway.Configuration.Snapshot.Policies;
using AgentGateway.Proxy.Backends.Auth;
using AgentGateway.Proxy.Backends.Auth.Gcp;
using AgentGateway.Proxy.Backends.Transport;
using AgentGateway.Proxy.Policies;
using AgentGateway.Tests.Proxy.Policies;
using AgentGateway.Tests.Proxy.Telemetry;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Time.Testing;
using Microsoft.IdentityModel.JsonWebTokens;
using Xunit;

namespace AgentGateway.Tests.Proxy.Backends.Auth.Gcp;

public sealed class GcpCredentialTests : IDisposable
{
    private const string AccessAnswer = """{"access_token":"ya29.token","expires_in":3600,"token_type":"Bearer"}""";

    private readonly RSA _key = RSA.Create(2048);
    private readonly string _folder = Directory.CreateTempSubdirectory("gcp").FullName;

    public void Dispose()
    {
        _key.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task ServiceAccount_AccessToken_IsGrantedForASignedAssertionAndKeptUntilItEnds()
    {
        await using var endpoint = await TestUpstream.StartAsync(static context => TestUpstream.Json(context, AccessAnswer));
        var time = new FakeTimeProvider(TelemetryHarness.Start);
        await using var harness = new TelemetryHarness(time: time);
        var credential = Create(harness, new GcpAuth { Credential = new Secret(ServiceAccount(endpoint)) });

        var first = await ApplyAsync(credential, harness);
        await ApplyAsync(credential, harness);
        time.Advance(TimeSpan.FromSeconds(3591));
        await ApplyAsync(credential, harness);

        Assert.Equal("Bearer ya29.token", first.Headers.Authorization.ToString());
        Assert.Equal(2, endpoint.Seen.Count);
        var asked = endpoint.Seen[0];
        Assert.Equal("/token", asked.Target);
        Assert.Equal(["urn:ietf:params:oauth:grant-type:jwt-bearer"], asked.Form["grant_type"]);
        var assertion = asked.Form["assertion"].Single();
        var grant = new JsonWebToken(assertion);
        Assert.Equal(("k1", "RS256"), (grant.Kid, grant.Alg));
        Assert.Equal(
            $$"""{"iss":"gw@p.iam.gserviceaccount.com","sub":"gw@p.iam.gserviceaccount.com","aud":"{{endpoint.Address}}token","scope":"https://www.googleapis.com/auth/cloud-platform","iat":1768926510,"exp":1768930110}""",
            Encoding.UTF8.GetString(Base64Url.DecodeFromChars(grant.EncodedPayload)));
        var dot = assertion.LastIndexOf('.');
        Assert.True(_key.VerifyData(
            Encoding.ASCII.GetBytes(assertion[..dot]), Base64Url.DecodeFromChars(assertion.AsSpan(dot + 1)), HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1));
    }

    [Theory]
    [InlineData(null, "run.example.com", "https://run.example.com")]
    [InlineData(null, "run.example.com:443", "https://run.example.com")]
    [InlineData(null, "run.example.com:8443", "https://run.example.com:8443")]
    [InlineData("https://api.example.com", "run.example.com", "https://api.example.com")]
    public async Task ServiceAccount_IdToken_IsForTheAudienceOrTheHost(string? audience, string host, string expected)
    {
        var token = IdToken(TelemetryHarness.Start + TimeSpan.FromHours(1));
        await using var endpoint = await TestUpstream.StartAsync(context => TestUpstream.Json(context, $$"""{"id_token":"{{token}}"}"""));
        await using var harness = new TelemetryHarness();
        var credential = Create(harness, new GcpAuth { Type = GcpTokenType.IdToken, Audience = audience, Credential = new Secret(ServiceAccount(endpoint)) });

        var attempt = await ApplyAsync(credential, harness, host);
        await ApplyAsync(credential, harness, host);

        Assert.Equal("Bearer " + token, attempt.Headers.Authorization.ToString());
        var claims = JsonElement.Parse(Base64Url.DecodeFromChars(new JsonWebToken(Assert.Single(endpoint.Seen).Form["assertion"].Single()).EncodedPayload));
        Assert.Equal(expected, claims.GetProperty("target_audience").GetString());
        Assert.False(claims.TryGetProperty("scope", out _));
    }

    [Fact]
    public async Task IdToken_NearItsEnd_IsFetchedAgain()
    {
        var time = new FakeTimeProvider(TelemetryHarness.Start);
        await using var endpoint = await TestUpstream.StartAsync(context => TestUpstream.Json(context, $$"""{"id_token":"{{IdToken(time.GetUtcNow() + TimeSpan.FromMinutes(10))}}"}"""));
        await using var harness = new TelemetryHarness(time: time);
        var credential = Create(harness, new GcpAuth { Type = GcpTokenType.IdToken, Audience = "a", Credential = new Secret(ServiceAccount(endpoint)) });

        await ApplyAsync(credential, harness);
        time.Advance(TimeSpan.FromSeconds(599));
        await ApplyAsync(credential, harness);

        Assert.Equal(2, endpoint.Seen.Count);
    }

    [Fact]
    public async Task Environment_LoginOfGcloud_IsRefreshedAndNamesItsProject()
    {
        await using var endpoint = await TestUpstream.StartAsync(static context => TestUpstream.Json(context, AccessAnswer));
        await using var harness = new TelemetryHarness();
        var credential = Create(harness, new GcpAuth(), new() { ["CLOUDSDK_CONFIG"] = _folder, ["GCE_METADATA_HOST"] = "127.0.0.1:1" });
        Write("application_default_credentials.json", $$"""
            {"type":"authorized_user","client_id":"app","client_secret":"cs","refresh_token":"rt","quota_project_id":"billed","token_uri":"{{endpoint.Address}}t"}
            """);

        var attempt = await ApplyAsync(credential, harness);

        Assert.Equal(("Bearer ya29.token", "billed"), (attempt.Headers.Authorization.ToString(), attempt.Headers["x-goog-user-project"].ToString()));
        var form = Assert.Single(endpoint.Seen).Form;
        Assert.Equal(["refresh_token", "app", "cs", "rt"], new[] { "grant_type", "client_id", "client_secret", "refresh_token" }.Select(name => form[name].Single()));
    }

    [Fact]
    public async Task Environment_NamedFile_GoesBeforeTheLogin()
    {
        await using var endpoint = await TestUpstream.StartAsync(static context => TestUpstream.Json(context, AccessAnswer));
        await using var harness = new TelemetryHarness();
        Write("application_default_credentials.json", "not read");
        var credential = Create(harness, new GcpAuth(), new()
        {
            ["CLOUDSDK_CONFIG"] = _folder,
            ["GOOGLE_APPLICATION_CREDENTIALS"] = Write("key.json", ServiceAccount(endpoint)),
            ["GOOGLE_CLOUD_QUOTA_PROJECT"] = "mine",
        });

        var attempt = await ApplyAsync(credential, harness);

        Assert.Equal(("Bearer ya29.token", "mine"), (attempt.Headers.Authorization.ToString(), attempt.Headers["x-goog-user-project"].ToString()));
    }

    [Fact]
    public async Task Environment_MetadataServer_GivesAccessTokens()
    {
        await using var metadata = await MetadataServer(AccessAnswer);
        await using var harness = new TelemetryHarness();
        var credential = Create(harness, new GcpAuth(), new() { ["GCE_METADATA_HOST"] = "127.0.0.1:" + metadata.Port, ["HOME"] = _folder });

        var attempt = await ApplyAsync(credential, harness);

        Assert.Equal("Bearer ya29.token", attempt.Headers.Authorization.ToString());
        var asked = Assert.Single(metadata.Seen);
        Assert.Equal(("/computeMetadata/v1/instance/service-accounts/default/token", "Google"), (asked.Target, asked.Header("Metadata-Flavor")));
    }

    [Fact]
    public async Task Environment_MetadataServer_GivesIdTokens()
    {
        var token = IdToken(TelemetryHarness.Start + TimeSpan.FromHours(1));
        await using var metadata = await MetadataServer(token);
        await using var harness = new TelemetryHarness();
        var credential = Create(harness, new GcpAuth { Type = GcpTokenType.IdToken }, new() { ["GCE_METADATA_HOST"] = "127.0.0.1:" + metadata.Port });

        var attempt = await ApplyAsync(credential, harness, "run.example.com");

        Assert.Equal("Bearer " + token, attempt.Headers.Authorization.ToString());
        Assert.Equal("/computeMetadata/v1/instance/service-accounts/default/identity?audience=https%3A%2F%2Frun.example.com&format=full", Assert.Single(metadata.Seen).Target);
    }

    [Theory]
    [InlineData(null, "/v1/x:generateAccessToken", """{"accessToken":"as-other","expireTime":"2026-01-20T17:28:30Z"}""", """{"delegates":["d1"],"scope":["https://www.googleapis.com/auth/cloud-platform"],"lifetime":"3600s"}""")]
    [InlineData("aud", "/v1/x:generateIdToken", """{"token":"ID"}""", """{"delegates":["d1"],"audience":"aud","includeEmail":true}""")]
    public async Task Impersonation_AsksForTheOtherAccountWithTheOwnToken(string? audience, string path, string answer, string body)
    {
        var idToken = IdToken(TelemetryHarness.Start + TimeSpan.FromHours(1));
        await using var google = await TestUpstream.StartAsync(context =>
            TestUpstream.Json(context, context.Request.Path == "/token" ? AccessAnswer : answer.Replace("ID", idToken, StringComparison.Ordinal)));
        await using var harness = new TelemetryHarness();
        var file = $$"""
            {"type":"impersonated_service_account","delegates":["d1"],"service_account_impersonation_url":"{{google.Address}}v1/x:generateAccessToken","source_credentials":{{ServiceAccount(google)}}}
            """;
        var credential = Create(harness, new GcpAuth { Type = audience is null ? GcpTokenType.AccessToken : GcpTokenType.IdToken, Audience = audience, Credential = new Secret(file) });

        var attempt = await ApplyAsync(credential, harness);
        await ApplyAsync(credential, harness);

        Assert.Equal("Bearer " + (audience is null ? "as-other" : idToken), attempt.Headers.Authorization.ToString());
        Assert.Equal(2, google.Seen.Count);
        Assert.Equal((path, "Bearer ya29.token", body), (google.Last.Target, google.Last.Header("Authorization"), google.Last.Body));
    }

    [Theory]
    [InlineData("""{"file":"FILE"}""", "file-token")]
    [InlineData("""{"file":"JSON","format":{"type":"json","subject_token_field_name":"t"}}""", "json-token")]
    [InlineData("""{"url":"BASEsubject","headers":{"x-key":"v"}}""", "url-token")]
    public async Task Federation_ExchangesTheTokenOfTheOtherProvider(string source, string subject)
    {
        await using var google = await TestUpstream.StartAsync(static context =>
            context.Request.Path == "/subject" ? context.Response.WriteAsync("url-token\n") : TestUpstream.Json(context, AccessAnswer));
        await using var harness = new TelemetryHarness();
        source = source.Replace("FILE", Write("subject", "file-token\n"), StringComparison.Ordinal)
            .Replace("JSON", Write("subject.json", """{"t":"json-token"}"""), StringComparison.Ordinal)
            .Replace("BASE", google.Address.ToString(), StringComparison.Ordinal);
        var file = $$"""
            {"type":"external_account","audience":"//iam/pool","subject_token_type":"urn:ietf:params:oauth:token-type:jwt","token_url":"{{google.Address}}sts","credential_source":{{source}},"workforce_pool_user_project":"p\"1"}
            """;
        var credential = Create(harness, new GcpAuth { Credential = new Secret(file) });

        var attempt = await ApplyAsync(credential, harness);

        Assert.Equal("Bearer ya29.token", attempt.Headers.Authorization.ToString());
        var form = google.Last.Form;
        Assert.Equal(
            ["urn:ietf:params:oauth:grant-type:token-exchange", "//iam/pool", subject, "urn:ietf:params:oauth:token-type:jwt", """{"userProject":"p\u00221"}"""],
            new[] { "grant_type", "audience", "subject_token", "subject_token_type", "options" }.Select(name => form[name].Single()));
        Assert.Equal(subject == "url-token" ? "v" : null, google.Seen[0].Header("x-key"));
    }

    [Theory]
    [InlineData("not json", "a Google credential is a JSON object")]
    [InlineData("[]", "a Google credential is a JSON object")]
    [InlineData("{}", "the Google credential has no usable type")]
    [InlineData("""{"type":"gdch"}""", "the type of the Google credential is not supported; use service_account, authorized_user, impersonated_service_account or external_account")]
    [InlineData("""{"type":"service_account","client_email":"e","private_key":"secret-text"}""", "private_key of the Google credential is no PEM private key for RS256")]
    [InlineData("""{"type":"authorized_user","client_id":"c","client_secret":"s","refresh_token":"r","token_uri":"file:///etc"}""", "token_uri of the Google credential is no address")]
    [InlineData("""{"type":"external_account","credential_source":{"executable":{"command":"x"}}}""", "credential_source of the Google credential needs file or url; programs, certificates and AWS as source are not supported")]
    [InlineData(
        """{"type":"impersonated_service_account","service_account_impersonation_url":"https://x","source_credentials":{"type":"impersonated_service_account"}}""",
        "a Google credential impersonates one service account, not a chain of them; use delegates")]
    public async Task Create_CredentialThatCannotBeUsed_IsRefusedWithoutItsText(string file, string message)
    {
        await using var harness = new TelemetryHarness();

        var error = Assert.Throws<PolicyValueException>(() => Create(harness, new GcpAuth { Credential = new Secret(file) }));

        Assert.Equal(message, error.Message);
    }

    [Theory]
    [InlineData(400, """{"error":"invalid_grant","error_description":"rt is bad"}""", "the token endpoint answered 400 (invalid_grant)")]
    [InlineData(200, """{"token_type":"Bearer"}""", "the token endpoint's answer has no access_token")]
    [InlineData(200, """{"access_token":"a\r\nx: y"}""", "the access_token that was given holds characters that no token has")]
    public async Task Fetch_RefusedGrant_SaysWhyWithoutSecrets(int status, string answer, string message)
    {
        await using var endpoint = await TestUpstream.StartAsync(context => TestUpstream.Json(context, answer, status));
        await using var harness = new TelemetryHarness();
        var credential = Create(harness, new GcpAuth { Credential = new Secret(ServiceAccount(endpoint)) });

        var error = await Assert.ThrowsAsync<BackendAuthException>(() => ApplyAsync(credential, harness));

        Assert.Equal(message, error.Message);
    }

    [Fact]
    public async Task Fetch_NamedFileThatIsNotThere_FailsUntilItIs()
    {
        await using var endpoint = await TestUpstream.StartAsync(static context => TestUpstream.Json(context, AccessAnswer));
        await using var harness = new TelemetryHarness();
        var credential = Create(harness, new GcpAuth(), new() { ["GOOGLE_APPLICATION_CREDENTIALS"] = Path.Combine(_folder, "later.json") });

        var error = await Assert.ThrowsAsync<BackendAuthException>(() => ApplyAsync(credential, harness));
        Write("later.json", ServiceAccount(endpoint));
        var attempt = await ApplyAsync(credential, harness);

        Assert.Equal("the file of GOOGLE_APPLICATION_CREDENTIALS cannot be read", error.Message);
        Assert.Equal("Bearer ya29.token", attempt.Headers.Authorization.ToString());
    }

    [Fact]
    public async Task Fetch_ServerThatIsNoMetadataServer_Fails()
    {
        await using var portal = await TestUpstream.StartAsync(static context => TestUpstream.Json(context, AccessAnswer));
        await using var harness = new TelemetryHarness();
        var credential = Create(harness, new GcpAuth(), new() { ["GCE_METADATA_HOST"] = "127.0.0.1:" + portal.Port });

        var error = await Assert.ThrowsAsync<BackendAuthException>(() => ApplyAsync(credential, harness));

        Assert.Equal("no Google credentials: there is no file of them, and no metadata server of Google answers here", error.Message);
    }

    [Fact]
    public async Task Fetch_IdTokenForALogin_Fails()
    {
        await using var harness = new TelemetryHarness();
        var file = """{"type":"authorized_user","client_id":"c","client_secret":"s","refresh_token":"r"}""";
        var credential = Create(harness, new GcpAuth { Type = GcpTokenType.IdToken, Credential = new Secret(file) });

        var error = await Assert.ThrowsAsync<BackendAuthException>(() => ApplyAsync(credential, harness));

        Assert.Equal("the login of a user gives no identity token for an audience; use a service account, or impersonate one", error.Message);
    }

    private static GcpCredential Create(TelemetryHarness harness, GcpAuth settings, Dictionary<string, string>? environment = null) =>
        new(settings, harness.Services, name => environment?.GetValueOrDefault(name));

    private static async Task<UpstreamRequest> ApplyAsync(GcpCredential credential, TelemetryHarness harness, string host = "api.example.com")
    {
        var attempt = new UpstreamRequest { Method = "GET", Target = "/", Host = host, Headers = new HeaderDictionary { ["Authorization"] = "Bearer of-the-client" } };
        await credential.ApplyAsync(harness.Begin(), attempt);
        return attempt;
    }

    private static Task<TestUpstream> MetadataServer(string answer) => TestUpstream.StartAsync(context =>
    {
        context.Response.Headers["Metadata-Flavor"] = "Google";
        return context.Response.WriteAsync(answer);
    });

    private static string IdToken(DateTimeOffset end) =>
        Base64Url.EncodeToString("""{"alg":"none"}"""u8) + "." + Base64Url.EncodeToString(Encoding.UTF8.GetBytes($$"""{"exp":{{end.ToUnixTimeSeconds()}}}""")) + ".c2ln";

    private string ServiceAccount(TestUpstream endpoint) => $$"""
        {"type":"service_account","client_email":"gw@p.iam.gserviceaccount.com","private_key_id":"k1","private_key":{{JsonSerializer.Serialize(_key.ExportPkcs8PrivateKeyPem())}},"token_uri":"{{endpoint.Address}}token"}
        """;

    private string Write(string name, string text)
    {
        var path = Path.Combine(_folder, name);
        File.WriteAllText(path, text);
        return path;
    }
}
