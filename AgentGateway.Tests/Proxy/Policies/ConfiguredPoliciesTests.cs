using System.Text;
using AgentGateway.Configuration.Loading;
using AgentGateway.Proxy.Policies;
using AgentGateway.Tests.Proxy.Policies.JwtAuth;
using Xunit;

namespace AgentGateway.Tests.Proxy.Policies;

/// <summary>Policies as users write them, from the text of a configuration to requests over the wire.</summary>
public sealed class ConfiguredPoliciesTests
{
    private static readonly TestIssuer Issuer = new();
    private static readonly string Token = Issuer.Token(DateTimeOffset.UtcNow);

    [Fact]
    public async Task JwtAuthorizationAndBackendAuth_Together_DoWhatTheySay()
    {
        await using var upstream = await TestUpstream.StartAsync();
        await using var gateway = await StartAsync(upstream, $$"""
            policies:
              jwtAuth:
                mode: strict
                issuer: {{TestIssuer.Name}}
                audiences: [api]
                jwks: '{{Issuer.Jwks()}}'
              authorization:
                rules:
                - 'jwt.sub == "alice"'
                - deny: 'request.path.startsWith("/private")'
              backendAuth:
                key: sk-upstream
            """);

        Assert.Equal(401, await StatusAsync(gateway, "/"));
        Assert.Equal(403, await StatusAsync(gateway, "/private/x", "Authorization", "Bearer " + Token));
        Assert.Equal(200, await StatusAsync(gateway, "/x", "Authorization", "Bearer " + Token));
        Assert.Equal("Bearer sk-upstream", upstream.Last.Header("Authorization"));
    }

    [Fact]
    public async Task ApiKeys_PlainAndHashed_AreRecognised()
    {
        await using var upstream = await TestUpstream.StartAsync();
        await using var gateway = await StartAsync(upstream, $$"""
            policies:
              apiKey:
                mode: strict
                location:
                  header:
                    name: x-api-key
                keys:
                - key: one
                  metadata: {role: reader}
                - keyHash: sha256:{{Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData("two"u8))}}
                  metadata: {role: writer}
              authorization:
                rules: ['request.method == "GET" || apiKey.role == "writer"']
            """);

        Assert.Equal(401, await StatusAsync(gateway, "/"));
        Assert.Equal(200, await StatusAsync(gateway, "/", "x-api-key", "one"));
        Assert.Equal(403, await StatusAsync(gateway, "/", "x-api-key", "one", HttpMethod.Post));
        Assert.Equal(200, await StatusAsync(gateway, "/", "x-api-key", "two", HttpMethod.Post));
    }

    [Fact]
    public async Task BasicAuth_Htpasswd_IsRead()
    {
        await using var upstream = await TestUpstream.StartAsync();
        await using var gateway = await StartAsync(upstream, """
            policies:
              basicAuth:
                mode: strict
                realm: team
                htpasswd: |
                  bob:{SHA}87u9ZqY9S/F0eUBXjsPQEDUw4h0=
              authorization:
                rules: ['basicAuth.username == "bob"']
            """);

        Assert.Equal(401, await StatusAsync(gateway, "/"));
        Assert.Equal(200, await StatusAsync(gateway, "/", "Authorization", "Basic " + Convert.ToBase64String("bob:hunter2"u8)));
    }

    [Fact]
    public async Task ExtAuthz_Conditional_AsksOnlyWhereItApplies()
    {
        await using var authz = await TestUpstream.StartAsync(context => TestUpstream.Json(context, "{}", 403));
        await using var upstream = await TestUpstream.StartAsync();
        await using var gateway = await StartAsync(upstream, $$"""
            policies:
              extAuthz:
                conditional:
                - condition: 'request.path.startsWith("/guarded")'
                  host: localhost:{{authz.Port}}
                  protocol:
                    http:
                      path: '"/check"'
            """);

        Assert.Equal(200, await StatusAsync(gateway, "/open"));
        Assert.Empty(authz.Seen);
        Assert.Equal(403, await StatusAsync(gateway, "/guarded"));
        Assert.Equal("/check", authz.Last.Target);
    }

    [Fact]
    public async Task A2a_AsRoutePolicy_RewritesTheCard()
    {
        await using var agent = await TestUpstream.StartAsync(context => TestUpstream.Json(context, """{"url":"http://agent"}"""));
        await using var gateway = await StartAsync(agent, "policies: {a2a: {}}");

        var card = await gateway.Client.GetStringAsync("/.well-known/agent-card.json", TestContext.Current.CancellationToken);

        Assert.Equal($$"""{"url":"{{gateway.Address.ToString().TrimEnd('/')}}"}""", card);
    }

    [Theory]
    [InlineData("jwtAuth: {issuer: i, jwks: '{}'}", "a JSON Web Key Set is a JSON object with the list `keys`")]
    [InlineData("basicAuth: {htpasswd: 'a:$$argon2$$x'}", "htpasswd line 1: the hash format is not known")]
    [InlineData("backendAuth: {jwtSign: {signingKey: no-pem}}", "signingKey is no PEM private key for RS256")]
    [InlineData("backendAuth: copilot", "backendAuth: copilot is not supported")]
    [InlineData("backendAuth: {gcp: {credential: '{}'}}", "the Google credential has no usable type")]
    [InlineData("remoteRateLimit: {domain: d, host: 'h:1', descriptors: [{entries: [{key: a, value: '1'}], type: tokens}]}", "remoteRateLimit: descriptors of type tokens are not supported")]
    public async Task Start_SettingsThatCannotBeUsed_AreRefusedWithTheirPlace(string policy, string message)
    {
        await using var upstream = await TestUpstream.StartAsync();

        var error = await Assert.ThrowsAsync<PolicySettingsException>(async () => await StartAsync(upstream, $"policies: {{{policy}}}"));

        Assert.Contains(message, error.Message, StringComparison.Ordinal);
        Assert.StartsWith("default/default/bind/", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("backendAuth: {copilot: {}}", "copilot")]
    [InlineData("backendAuth: {crossAppAccess: {audience: a, identityProvider: {host: 'h:1', clientAuth: {clientId: c, clientSecret: s}}, resourceAuthorizationServer: {host: 'h:1', clientAuth: {clientId: c, clientSecret: s}}}}", "crossAppAccess")]
    public void Load_CredentialThatIsNotSupported_IsRefusedByName(string policy, string name)
    {
        var result = Load($"policies: {{{policy}}}", 1);

        Assert.False(result.IsValid);
        Assert.Contains(result.Errors, error => error.ToString()!.Contains(name, StringComparison.Ordinal));
    }

    private static async Task<TestGateway> StartAsync(TestUpstream upstream, string route)
    {
        var result = Load(route, upstream.Port);
        Assert.Empty(result.Errors);
        var snapshot = result.Snapshot!;
        return await TestGateway.StartAsync(snapshot with { Binds = [snapshot.Binds[0] with { Port = 0 }] });
    }

    private static LoadResult Load(string route, int port)
    {
        var text = new StringBuilder("binds:\n- port: 3000\n  listeners:\n  - routes:\n    - backends:\n      - host: localhost:").Append(port).Append('\n');
        foreach (var line in route.Split('\n'))
        {
            text.Append("      ").Append(line.TrimEnd('\r')).Append('\n');
        }

        return ConfigurationLoader.Load(text.ToString(), "test.yaml", LoadOptions.ForProcess(forRuntime: true) with { Environment = static _ => null });
    }

    private static async Task<int> StatusAsync(TestGateway gateway, string path, string? header = null, string? value = null, HttpMethod? method = null)
    {
        using var request = new HttpRequestMessage(method ?? HttpMethod.Get, path);
        if (header is not null)
        {
            request.Headers.TryAddWithoutValidation(header, value);
        }

        using var response = await gateway.Client.SendAsync(request, TestContext.Current.CancellationToken);
        return (int)response.StatusCode;
    }
}
