using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Xunit;

namespace AgentGateway.Tests.Proxy.CommandLine;

/// <summary>What would stop a start is found by <c>--validate-only</c>, with its place, all in one go.</summary>
public sealed class ValidateCommandTests : IDisposable
{
    private readonly TestConsole _console = new();

    public void Dispose() => _console.Dispose();

    [Theory]
    [InlineData("jwtAuth: {issuer: i, jwks: '{\"keys\": 1}'}", "policies.jwtAuth.jwks: a JSON Web Key Set is a JSON object with the list `keys`")]
    [InlineData("jwtAuth: {issuer: i, jwks: 'no json'}", "policies.jwtAuth.jwks: a JSON Web Key Set is a JSON object with the list `keys`; this is no JSON after byte 1 of its line 1")]
    [InlineData("jwtAuth: {providers: [{issuer: i, jwks: '{\"keys\": [{\"kid\": \"a\", \"kty\": \"RSA\"}]}'}]}", "policies.jwtAuth.providers[0].jwks: key \"a\" of the JSON Web Key Set has a missing or broken `n`")]
    [InlineData("basicAuth: {htpasswd: 'alice'}", "policies.basicAuth.htpasswd: htpasswd line 1: a line is `user:hash`")]
    [InlineData("basicAuth: {htpasswd: 'alice:$$2y$$99$$x'}", "htpasswd line 1: a bcrypt hash has 60 characters")]
    [InlineData("backendAuth: {key: \"secret\\nx\"}", "policies.backendAuth.key: the key holds a line break or another control character")]
    [InlineData("backendAuth: {credentials: [{key: a, location: {cookie: {name: c}}}, {key: \"secret\\nx\", location: {header: {name: x}}}]}", "policies.backendAuth.credentials[1].key: the key holds a line break")]
    [InlineData("jwtAuth: {issuer: i, jwks: '{\"keys\":[{\"kty\":\"oct\",\"kid\":\"a\",\"k\":\"c2VjcmV0\"}]}'}", "policies.jwtAuth.jwks: none of the keys of the JSON Web Key Set can verify a token")]
    [InlineData("backendAuth: {jwtSign: {signingKey: 'no key'}}", "policies.backendAuth.jwtSign.signingKey: signingKey is no PEM private key for RS256")]
    [InlineData("backendAuth: {key: {value: k, location: {expression: 'request.path'}}}", "policies.backendAuth.key.location.expression: a credential cannot be put where an expression says")]
    [InlineData("mcpAuthentication: {issuer: 'https://i', audiences: [a], resourceMetadata: {}, jwks: '[]'}", "policies.mcpAuthentication.jwks: a JSON Web Key Set is a JSON object")]
    [InlineData("jwtAuth: {providers: [{issuer: i, jwks: '{\"keys\": []}'}, {issuer: j, jwks: '1'}]}", "policies.jwtAuth.providers[1].jwks: a JSON Web Key Set is")]
    [InlineData("mcpAuthentication: {issuer: i, audiences: [a], resourceMetadata: {}}", "policies.mcpAuthentication.issuer: invalid URL `i`: write an absolute http or https URL")]
    [InlineData("oidc: {issuer: i, clientId: c, clientSecret: s, redirectURI: 'http://localhost/cb'}", "policies.oidc.issuer: the issuer is no URL under which a discovery document could be")]
    [InlineData("backendAuth: {gcp: {credential: 'no JSON'}}", "policies.backendAuth.gcp.credential: a Google credential is a JSON object")]
    [InlineData("oidc: {issuer: 'https://i', clientId: c, clientSecret: s, redirectURI: 'http://localhost/cb'}", "policies.oidc: oidc needs the environment variable OIDC_COOKIE_SECRET: 64 hexadecimal digits")]
    public async Task RunAsync_ContentOfAPolicyIsBroken_NamesThePolicy(string policy, string message)
    {
        Assert.Equal(1, await ValidateAsync(Route(policy)));

        Assert.Contains("binds[0].listeners[0].routes[0]." + (message.StartsWith("policies", StringComparison.Ordinal) ? message : "policies."), _console.Error, StringComparison.Ordinal);
        Assert.Contains(message, _console.Error, StringComparison.Ordinal);
        Assert.Contains("config.yaml:7:", _console.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task RunAsync_CookieSecretIsNoHex_SaysSoWithoutRepeatingIt()
    {
        _console.Environment["OIDC_COOKIE_SECRET"] = "not-a-hexadecimal-secret";

        Assert.Equal(1, await ValidateAsync(Route("oidc: {issuer: 'https://i', clientId: c, clientSecret: s, redirectURI: 'http://localhost/cb'}")));

        Assert.Contains("OIDC_COOKIE_SECRET is 64 hexadecimal digits", _console.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("not-a-hexadecimal-secret", _console.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task RunAsync_SeveralContentsAreBroken_AllAreNamed()
    {
        Assert.Equal(1, await ValidateAsync(
            """
            gateways:
              default:
                port: 0
                jwtAuth: {issuer: i, jwks: '1'}
            routes:
            - policies: {basicAuth: {htpasswd: alice}}
              backends:
              - host: localhost:1
                policies: {backendAuth: {jwtSign: {signingKey: x}}}
            """));

        Assert.Contains("gateways.default.jwtAuth.jwks: ", _console.Error, StringComparison.Ordinal);
        Assert.Contains("routes[0].policies.basicAuth.htpasswd: ", _console.Error, StringComparison.Ordinal);
        Assert.Contains("routes[0].backends[0].policies.backendAuth.jwtSign.signingKey: ", _console.Error, StringComparison.Ordinal);
        Assert.Contains("3 errors", _console.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task RunAsync_ContentOfAConditionalPolicyIsBroken_NamesThePolicy()
    {
        Assert.Equal(1, await ValidateAsync(Route("extAuthz: {conditional: [{condition: 'true', host: 'localhost:1', protocol: {http: {path: '\"/a'}}}]}")));

        Assert.Contains("conditional[0].protocol.http.path: invalid expression", _console.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task RunAsync_KeyOfAnotherCertificate_IsNamedForListenersAndBackends()
    {
        var (certificate, _) = Pair("one");
        var (_, key) = Pair("two");

        Assert.Equal(1, await ValidateAsync(
            $$"""
            binds:
            - port: 0
              listeners:
              - protocol: HTTPS
                tls: {cert: {{certificate}}, key: {{key}} }
                routes:
                - backends:
                  - host: localhost:1
                    policies: {backendTLS: {cert: {{certificate}}, key: {{key}} } }
            """));

        Assert.Contains("binds[0].listeners[0].tls.key: the private key in", _console.Error, StringComparison.Ordinal);
        Assert.Contains("policies.backendTLS.key: the private key does not belong to the certificate in `cert`", _console.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----", "its PEM private key cannot be read")]
    [InlineData("nothing", "it holds no PEM private key without password")]
    public async Task RunAsync_BrokenKey_NamesTheFile(string content, string message)
    {
        var (certificate, _) = Pair("one");
        var key = _console.Write("broken.key", content);

        Assert.Equal(1, await ValidateAsync($"gateways: {{default: {{port: 0, tls: {{cert: {certificate}, key: {key}}}}}}}"));

        Assert.Contains($"gateways.default.tls.key: cannot use file `{key}`: {message}", _console.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task RunAsync_SecondCertificateOfAFileIsBroken_NamesTheFile()
    {
        var (certificate, key) = Pair("one");
        await File.AppendAllTextAsync(certificate, "\n-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n", TestContext.Current.CancellationToken);

        Assert.Equal(1, await ValidateAsync($"gateways: {{default: {{port: 0, tls: {{cert: {certificate}, key: {key}}}}}}}"));

        Assert.Contains($"cannot use file `{certificate}`: it holds a PEM certificate that cannot be read", _console.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task RunAsync_FileIsNotUtf8_NamesThePlaceOfTheFirstWrongByte()
    {
        var path = _console.PathOf("latin1.yaml");
        await File.WriteAllBytesAsync(path, [.. "binds: []\n# caf"u8, 0xE9, (byte)'\n'], TestContext.Current.CancellationToken);

        Assert.Equal(1, await _console.RunAsync("--validate-only", "-f", path));

        Assert.Contains("latin1.yaml:2:6: error: cannot read", _console.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task RunAsync_GoodContents_AreValid()
    {
        _console.Environment["OIDC_COOKIE_SECRET"] = new string('a', 64);
        var (certificate, key) = Pair("one");

        Assert.Equal(0, await ValidateAsync(
            $$"""
            gateways:
              default:
                port: 0
                tls: {cert: {{certificate}}, key: {{key}} }
                jwtAuth: {issuer: i, jwks: '{"keys": []}'}
                oidc: {issuer: 'https://i', clientId: c, clientSecret: s, redirectURI: 'http://localhost/cb'}
            routes:
            - policies: {basicAuth: {htpasswd: 'alice:{SHA}qUqP5cyxm6YcTAhz05Hph5gvu9M='} }
              backends:
              - host: localhost:1
                policies: {backendTLS: {cert: {{certificate}}, key: {{key}}, root: {{certificate}} }, backendAuth: {jwtSign: {signingKey: {file: {{key}} }, alg: ES256} } }
            """));

        Assert.Equal("Configuration is valid!", _console.Output.Trim());
        Assert.Empty(_console.Error);
    }

    [Fact]
    public async Task RunAsync_PoliciesOfCallsThatAreNeverMade_AreNamed()
    {
        const string Text =
            """
            mcp:
              port: 0
              targets: [{name: a, stdio: {cmd: x}}]
              policies: {backendAuth: {passthrough: {}}}
            binds:
            - port: 0
              listeners:
              - routes:
                - backends:
                  - mcp: {targets: [{name: a, stdio: {cmd: x}}]}
                    policies: {requestHeaderModifier: {remove: [a]}, mcpAuthorization: {rules: ['true']}}
            """;

        Assert.Equal(0, await ValidateAsync(Text));
        Assert.Contains("warning: mcp.policies.backendAuth: `backendAuth` has no effect: the MCP servers are child processes", _console.Error, StringComparison.Ordinal);
        Assert.Contains("backends[0].policies.requestHeaderModifier: `requestHeaderModifier` has no effect", _console.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("mcpAuthorization", _console.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task RunAsync_RouteGroupsInACircle_WarnsAtTheReference()
    {
        Assert.Equal(0, await ValidateAsync(
            """
            routeGroups:
            - {name: a, routes: [{backends: [{routeGroup: b}]}]}
            - {name: b, routes: [{backends: [{routeGroup: a}]}]}
            """));

        Assert.Contains("routeGroups[1].routes[0].backends[0].routeGroup: route group `a` leads back to itself", _console.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(16, true)]
    [InlineData(17, false)]
    [InlineData(2000, false)]
    public async Task RunAsync_NestedRouteGroups_HaveABound(int count, bool valid)
    {
        var groups = string.Join('\n', Enumerable.Range(0, count).Select(i => i + 1 < count
            ? $"- {{name: g{i}, routes: [{{backends: [{{routeGroup: g{i + 1}}}]}}]}}"
            : $"- {{name: g{i}, routes: [{{backends: [{{host: 'localhost:1'}}]}}]}}"));

        Assert.Equal(valid ? 0 : 1, await ValidateAsync($"gateways: {{default: {{port: 0}}}}\nroutes: [{{backends: [{{routeGroup: g0}}]}}]\nrouteGroups:\n{groups}"));

        Assert.Equal(!valid, _console.Error.Contains("nested more than 16 deep", StringComparison.Ordinal));
    }

    private static string Route(string policy) =>
        $$"""
        binds:
        - port: 0
          listeners:
          - routes:
            - backends: [{host: "localhost:1"}]
              policies:
                {{policy}}
        """;

    private Task<int> ValidateAsync(string text) => _console.RunAsync("--validate-only", "-f", _console.Write("config.yaml", text));

    private (string Certificate, string Key) Pair(string name)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256);
        using var certificate = request.CreateSelfSigned(DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch.AddYears(100));
        return (_console.Write($"{name}.pem", certificate.ExportCertificatePem()), _console.Write($"{name}.key", key.ExportPkcs8PrivateKeyPem()));
    }
}
