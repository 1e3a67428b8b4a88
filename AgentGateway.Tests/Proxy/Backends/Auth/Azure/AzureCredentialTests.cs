using System.Net;
using System.Text;
using AgentGateway.Configuration;
using AgentGateway.Configuration.Snapshot.Policies;
using AgentGateway.Proxy.Backends.Auth;
using AgentGateway.Proxy.Backends.Auth.Azure;
using AgentGateway.Proxy.Backends.Transport;
using AgentGateway.Tests.Proxy.Telemetry;
using Azure.Core.Pipeline;
using Microsoft.AspNetCore.Http;
using Xunit;

namespace AgentGateway.Tests.Proxy.Backends.Auth.Azure;

public sealed class AzureCredentialTests : IDisposable
{
    private readonly EntraStub _entra = new();

    public void Dispose() => _entra.Dispose();

    [Theory]
    [InlineData("res.openai.azure.com", "https://cognitiveservices.azure.com/.default")]
    [InlineData("res.openai.azure.us:443", "https://cognitiveservices.azure.us/.default")]
    [InlineData("127.0.0.1:8080", "https://cognitiveservices.azure.com/.default")]
    public async Task ClientSecret_IsPresentedOnceForTheServicesOfTheCloud(string host, string scope)
    {
        await using var harness = new TelemetryHarness();
        var credential = Create(ClientSecret());

        var attempt = await ApplyAsync(credential, harness, host);
        await ApplyAsync(credential, harness, host);

        Assert.Equal("Bearer of-app", attempt.Headers.Authorization.ToString());
        var (address, form) = Assert.Single(_entra.Tokens);
        Assert.EndsWith("/tenant-1/oauth2/v2.0/token", address, StringComparison.Ordinal);
        Assert.Contains("client_id=app-1&client_secret=se%2Fcret", form, StringComparison.Ordinal);
        Assert.Contains("scope=" + Uri.EscapeDataString(scope), form, StringComparison.Ordinal);
    }

    [Fact]
    public async Task WorkloadIdentity_PresentsTheFederatedTokenOfTheEnvironment()
    {
        var file = Path.GetTempFileName();
        await File.WriteAllTextAsync(file, "federated.token.x", TestContext.Current.CancellationToken);
        await using var harness = new TelemetryHarness();
        var credential = Create(
            new AzureExplicit { WorkloadIdentity = new AzureImplicit() },
            new() { ["AZURE_TENANT_ID"] = "tenant-2", ["AZURE_CLIENT_ID"] = "app-2", ["AZURE_FEDERATED_TOKEN_FILE"] = file });

        var attempt = await ApplyAsync(credential, harness);

        File.Delete(file);
        Assert.Equal("Bearer of-app", attempt.Headers.Authorization.ToString());
        var (address, form) = Assert.Single(_entra.Tokens);
        Assert.EndsWith("/tenant-2/oauth2/v2.0/token", address, StringComparison.Ordinal);
        Assert.Contains("client_id=app-2", form, StringComparison.Ordinal);
        Assert.Contains("client_assertion=federated.token.x", form, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ManagedIdentity_IsAskedForByItsName()
    {
        await using var harness = new TelemetryHarness();
        var credential = Create(new AzureExplicit
        {
            ManagedIdentity = new AzureManagedIdentity { UserAssignedIdentity = new AzureUserAssignedIdentity { ClientId = "33333333-2222-2222-2222-222222222222" } },
        });

        var attempt = await ApplyAsync(credential, harness);
        await ApplyAsync(credential, harness);

        Assert.Equal("Bearer of-machine", attempt.Headers.Authorization.ToString());
        Assert.Contains("33333333-2222-2222-2222-222222222222", Assert.Single(_entra.Machine), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Create_ImplicitCredentials_NeedNoSettings(bool developer)
    {
        var settings = developer ? new AzureAuth { DeveloperImplicit = new AzureImplicit() } : new AzureAuth { Implicit = new AzureImplicit() };

        Assert.Null(Record.Exception(() => new AzureCredential(settings, TimeProvider.System, static _ => null, new HttpClientTransport(_entra))));
    }

    [Fact]
    public async Task ClientSecret_Refused_SaysTheCodeOnly()
    {
        _entra.Refusal = """{"error":"invalid_client","error_description":"AADSTS7000215: Invalid client secret provided for app 'secret-name'.","error_codes":[7000215]}""";
        await using var harness = new TelemetryHarness();

        var error = await Assert.ThrowsAsync<BackendAuthException>(() => ApplyAsync(Create(ClientSecret()), harness));

        Assert.Equal("Azure refused the credential (AADSTS7000215)", error.Message);
    }

    [Fact]
    public void Create_TenantThatIsNone_IsRefused()
    {
        var error = Assert.Throws<FormatException>(() => Create(
            new AzureExplicit { ClientSecret = new AzureClientSecret { TenantId = "a tenant?", ClientId = "c", ClientSecret = new Secret("s") } }));

        Assert.StartsWith("azure: Invalid tenant id", error.Message, StringComparison.Ordinal);
    }

    private static AzureExplicit ClientSecret() =>
        new() { ClientSecret = new AzureClientSecret { TenantId = "tenant-1", ClientId = "app-1", ClientSecret = new Secret("se/cret") } };

    private static async Task<UpstreamRequest> ApplyAsync(AzureCredential credential, TelemetryHarness harness, string host = "res.openai.azure.com")
    {
        var attempt = new UpstreamRequest { Method = "GET", Target = "/", Host = host, Headers = new HeaderDictionary() };
        await credential.ApplyAsync(harness.Begin(), attempt);
        return attempt;
    }

    private AzureCredential Create(AzureExplicit settings, Dictionary<string, string>? environment = null) =>
        new(new AzureAuth { ExplicitConfig = settings }, TimeProvider.System, name => environment?.GetValueOrDefault(name), new HttpClientTransport(_entra));

    /// <summary>Microsoft Entra ID, as far as the library asks it.</summary>
    private sealed class EntraStub : HttpMessageHandler
    {
        public List<(string Address, string Form)> Tokens { get; } = [];

        public List<string> Machine { get; } = [];

        public string? Refusal { get; set; }

        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            var address = request.RequestUri!.AbsoluteUri;
            if (request.Method == HttpMethod.Get && address.Contains("identity", StringComparison.OrdinalIgnoreCase))
            {
                lock (Machine)
                {
                    Machine.Add(address);
                }

                return Json(request, HttpStatusCode.OK, """{"access_token":"of-machine","expires_in":"3600","expires_on":"4102444800","resource":"x","token_type":"Bearer"}""");
            }

            if (!address.EndsWith("/token", StringComparison.Ordinal))
            {
                return Json(request, HttpStatusCode.OK, """
                    {"tenant_discovery_endpoint":"https://login.microsoftonline.com/tenant-1/v2.0/.well-known/openid-configuration","metadata":[]}
                    """);
            }

            var form = await request.Content!.ReadAsStringAsync(cancellationToken);
            lock (Tokens)
            {
                Tokens.Add((address, form));
            }

            return Refusal is null
                ? Json(request, HttpStatusCode.OK, """{"access_token":"of-app","expires_in":3599,"token_type":"Bearer"}""")
                : Json(request, HttpStatusCode.Unauthorized, Refusal);
        }

        private static HttpResponseMessage Json(HttpRequestMessage request, HttpStatusCode status, string json) =>
            new(status) { RequestMessage = request, Content = new StringContent(json, Encoding.UTF8, "application/json") };
    }
}
