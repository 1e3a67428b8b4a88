using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using AgentGateway.Configuration.Snapshot;
using AgentGateway.Configuration.Snapshot.Policies;
using AgentGateway.Configuration.Snapshot.Tls;
using Xunit;
using static AgentGateway.Tests.Configuration.TestLoad;

namespace AgentGateway.Tests.Configuration.Normalisation;

public sealed class NormalisedTlsTests
{
    private static readonly Dictionary<string, string> Files = MakeFiles();

    [Fact]
    public void Load_CertificateAndKeyInOneFile_AreReadFromIt()
    {
        var tls = Listener("{cert: tls/both.pem, key: tls/both.pem, minTLSVersion: TLS_V1_3, root: tls/cert.pem}").Tls!;

        Assert.Contains("BEGIN CERTIFICATE", tls.CertificatePem, StringComparison.Ordinal);
        Assert.Contains("PRIVATE KEY", tls.PrivateKeyPem.Reveal(), StringComparison.Ordinal);
        Assert.NotNull(tls.ClientAuthorityPem);
        Assert.Equal((TlsVersion.Tls13, TlsVersion.Tls13), (tls.MinimumVersion, tls.MaximumVersion));
    }

    [Theory]
    [InlineData("TLS_AES_256_GCM_SHA384", "TLS_AES_256_GCM_SHA384")]
    [InlineData("TLS13_CHACHA20_POLY1305_SHA256", "TLS_CHACHA20_POLY1305_SHA256")]
    [InlineData("ECDHE-RSA-AES128-GCM-SHA256", "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256")]
    [InlineData("ECDHE-ECDSA-CHACHA20-POLY1305", "TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256")]
    public void Load_CipherSuite_HasItsIanaName(string name, string iana) =>
        Assert.Equal([iana], Listener($"{{cert: tls/both.pem, key: tls/both.pem, cipherSuites: [{name}]}}").Tls!.CipherSuites);

    [Fact]
    public void Load_SpiffeListenerAndBackend_NeedNoFilesAndAreRefusedToRun()
    {
        const string Text =
            """
            config: {spiffe: {endpoint: "unix:///run/spire/agent.sock"}}
            binds:
            - port: 3000
              listeners:
              - {protocol: HTTPS, tls: {spiffe: {}}, routes: [{backends: [{host: "h:1", policies: {backendTLS: {spiffe: {}}}}]}]}
            """;

        var route = LoadValid(Text).Snapshot!.Binds[0].Listeners[0].Routes[0];

        Assert.NotNull(Assert.IsType<BackendTls>(Assert.Single(route.Backends[0].Policies)).Spiffe);
        Assert.Equal(
            ["config.spiffe", "binds[0].listeners[0].tls.spiffe", "binds[0].listeners[0].routes[0].backends[0].policies.backendTLS.spiffe"],
            Load(Text, forRuntime: true).Errors.Where(static e => e.Message.StartsWith("not supported yet", StringComparison.Ordinal)).Select(static e => e.Path));
    }

    [Theory]
    [InlineData("{spiffe: {}, cert: tls/cert.pem}", "tls.cert", "'spiffe' is mutually exclusive with 'cert'/'key'/'root'")]
    [InlineData("{spiffe: {}, root: tls/cert.pem}", "tls.root", "'spiffe' is mutually exclusive with 'cert'/'key'/'root'")]
    [InlineData("{spiffe: {}, mode: dynamicCa}", "tls.mode", "'spiffe' cannot be combined with tls.mode")]
    [InlineData("{spiffe: {}, keyExchangeGroups: [X25519]}", "tls.keyExchangeGroups", "'spiffe' cannot be combined with tls cipherSuites/minTLSVersion/maxTLSVersion/keyExchangeGroups")]
    [InlineData("{spiffe: {}, minTLSVersion: TLS_V1_2}", "tls.minTLSVersion", "'spiffe' cannot be combined with tls cipherSuites/minTLSVersion/maxTLSVersion/keyExchangeGroups")]
    [InlineData("{}", "tls", "tls requires 'cert' (or 'spiffe')")]
    [InlineData("{cert: tls/cert.pem}", "tls", "tls requires 'key'")]
    [InlineData("{cert: tls/cert.pem, key: tls/other.pem}", "tls.key", "the private key in `tls/other.pem` does not belong to the certificate")]
    [InlineData("{cert: tls/cert.pem, key: tls/none.pem}", "tls.key", "cannot read file `tls/none.pem`: no such file")]
    [InlineData("{cert: tls/cert.pem, key: tls/key.pem, root: tls/cert.pem, mode: dynamicCa}", "tls.root", "tls.root is not supported with tls.mode=dynamicCa")]
    [InlineData("{cert: tls/cert.pem, key: tls/key.pem, minTLSVersion: TLS_V1_3, maxTLSVersion: TLS_V1_2}", "tls.minTLSVersion", "invalid TLS version range")]
    [InlineData("{cert: tls/cert.pem, key: tls/key.pem, minTLSVersion: TLS_V1_0}", "tls.minTLSVersion", "unknown value `TLS_V1_0`")]
    [InlineData("{cert: tls/cert.pem, key: tls/key.pem, minTLSVersion: TLS_V1_2, minTlsVersion: TLS_V1_2}", "tls.minTlsVersion", "`minTlsVersion` cannot be set together with `minTLSVersion`")]
    public void Load_ListenerTlsThatDoesNotFit_SaysWhatIsWrong(string tls, string path, string message)
    {
        var errors = Load($"{{binds: [{{port: 1, listeners: [{{protocol: HTTPS, tls: {tls}, routes: []}}]}}]}}", files: Files).Errors;

        Assert.Contains(errors, e => e.Path == $"binds[0].listeners[0].{path}" && e.Message.StartsWith(message, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("{spiffe: {}, insecure: true}", "spiffe", "backend TLS 'spiffe' is mutually exclusive with")]
    [InlineData("{spiffe: {}, keyExchangeGroups: [X25519]}", "spiffe", "backend TLS 'spiffe' is mutually exclusive with")]
    [InlineData("{cert: tls/cert.pem}", "cert", "cert and key must be set together")]
    [InlineData("{cert: tls/cert.pem, key: tls/other.pem}", "key", "the private key does not belong to the certificate")]
    [InlineData("{keyExchangeGroups: [X448]}", "keyExchangeGroups[0]", "unknown value `X448`")]
    public void Load_BackendTlsThatDoesNotFit_SaysWhatIsWrong(string tls, string path, string message)
    {
        var error = Assert.Single(Load($"{{backends: [{{name: a, host: \"h:1\", policies: {{backendTLS: {tls}}}}}]}}", files: Files).Errors);

        Assert.Equal($"backends[0].policies.backendTLS.{path}", error.Path);
        Assert.StartsWith(message, error.Message, StringComparison.Ordinal);
    }

    private static ListenerSnapshot Listener(string tls) =>
        LoadValid($"{{binds: [{{port: 1, listeners: [{{protocol: HTTPS, tls: {tls}, routes: []}}]}}]}}", files: Files).Snapshot!.Binds[0].Listeners[0];

    private static Dictionary<string, string> MakeFiles()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var other = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=test", key, HashAlgorithmName.SHA256);
        using var certificate = request.CreateSelfSigned(DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch.AddYears(200));
        var pem = certificate.ExportCertificatePem();
        return new Dictionary<string, string>
        {
            ["tls/cert.pem"] = pem,
            ["tls/key.pem"] = key.ExportPkcs8PrivateKeyPem(),
            ["tls/other.pem"] = other.ExportPkcs8PrivateKeyPem(),
            ["tls/both.pem"] = pem + "\n" + key.ExportPkcs8PrivateKeyPem(),
        };
    }
}
