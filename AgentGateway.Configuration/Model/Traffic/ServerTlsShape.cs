using AgentGateway.Configuration.Reading;
using AgentGateway.Configuration.Snapshot.Policies;
using AgentGateway.Configuration.Snapshot.Tls;

namespace AgentGateway.Configuration.Model.Traffic;

/// <summary>TLS of a listener. Null stands for TLS whose files cannot be read or are not files.</summary>
internal static class ServerTlsShape
{
    private static readonly Shape<bool> DynamicAuthority = Shapes.Enum(("static", false), ("dynamicCa", true));

    public static Shape<ServerTls> Shape { get; } = Shapes.Object("ListenerTls", "TLS of a listener.", Read);

    private static ServerTls Read(ObjectReader r)
    {
        var dynamicAuthority = r.Value("mode", DynamicAuthority, false, "`static` serves the certificate; `dynamicCa` signs one for each server name with it.", "static");
        var cert = r.Optional("cert", Shapes.NonEmptyText, "Certificate chain, a PEM file.", "certs/cert.pem");
        var key = r.Optional("key", Shapes.NonEmptyText, "Private key, a PEM file; may be the same one.", "certs/key.pem");
        var root = r.Optional("root", FileShapes.Pem, "Authorities of client certificates, a PEM file; set, clients must show one.", "certs/ca.pem");
        r.Optional("spiffe", SpiffeTls.Shape, "Identity from a SPIFFE workload API instead of files.", "{}");
        var suites = r.List("cipherSuites", ValueShapes.CipherSuite, "Cipher suites that are allowed; the platform's when empty.", "[TLS_AES_128_GCM_SHA256]");
        var minimum = Version(r, "minTLSVersion", "minTlsVersion", "Lowest version; TLS_V1_2 by default.") ?? TlsVersion.Tls12;
        var maximum = Version(r, "maxTLSVersion", "maxTlsVersion", "Highest version; TLS_V1_3 by default.") ?? TlsVersion.Tls13;
        r.List("keyExchangeGroups", EnumShapes.KeyExchangeGroupWords, "Key exchange groups that are allowed.", "[X25519]");
        if (minimum > maximum)
        {
            r.Error(r.IsSet("minTLSVersion") ? "minTLSVersion" : "minTlsVersion", "invalid TLS version range: the lowest version is above the highest");
        }

        if (dynamicAuthority)
        {
            r.NotSupportedYet("mode");
        }

        var files = r.Describing ? null : CheckFiles(r, dynamicAuthority, cert, key);
        return new ServerTls(files is null ? null : new ServerTlsSnapshot
        {
            CertificatePem = files.Certificate.Text,
            PrivateKeyPem = files.PrivateKey,
            ClientAuthorityPem = root?.Text,
            MinimumVersion = minimum,
            MaximumVersion = maximum,
            CipherSuites = suites,
        });
    }

    private static TlsVersion? Version(ObjectReader r, string key, string alias, string doc)
    {
        var version = r.OptionalValue(key, EnumShapes.TlsVersionWords, doc);
        var other = r.OptionalValue(alias, EnumShapes.TlsVersionWords, $"Another name of `{key}`.");
        r.AtMostOne(key, alias);
        return version ?? other;
    }

    // An identity of a workload API comes with a profile of its own.
    private static void CheckSpiffe(ObjectReader r, bool dynamicAuthority)
    {
        foreach (var file in (ReadOnlySpan<string>)["cert", "key", "root"])
        {
            if (r.IsSet(file))
            {
                r.Error(file, "'spiffe' is mutually exclusive with 'cert'/'key'/'root'; remove one of the two");
            }
        }

        if (dynamicAuthority)
        {
            r.Error("mode", "'spiffe' cannot be combined with tls.mode; remove one of the two");
        }

        foreach (var profile in (ReadOnlySpan<string>)["cipherSuites", "minTLSVersion", "minTlsVersion", "maxTLSVersion", "maxTlsVersion", "keyExchangeGroups"])
        {
            if (r.IsSet(profile))
            {
                r.Error(profile, "'spiffe' cannot be combined with tls cipherSuites/minTLSVersion/maxTLSVersion/keyExchangeGroups; remove one of the two");
            }
        }
    }

    private static TlsFiles? CheckFiles(ObjectReader r, bool dynamicAuthority, string? cert, string? key)
    {
        if (r.IsSet("spiffe"))
        {
            CheckSpiffe(r, dynamicAuthority);
            return null;
        }

        if (dynamicAuthority && r.IsSet("root"))
        {
            r.Error("root", "tls.root is not supported with tls.mode=dynamicCa; remove it");
        }

        if (!r.IsSet("cert"))
        {
            r.Error("tls requires 'cert' (or 'spiffe')");
        }

        if (!r.IsSet("key"))
        {
            r.Error("tls requires 'key' (or 'spiffe')");
        }

        return string.IsNullOrEmpty(cert) || string.IsNullOrEmpty(key) ? null : TlsFiles.Read(r, cert, key);
    }
}

/// <summary>TLS of a listener as read.</summary>
/// <param name="Snapshot">The files; null when they are not there.</param>
internal sealed record ServerTls(ServerTlsSnapshot? Snapshot);
