using AgentGateway.Configuration.Reading;

namespace AgentGateway.Configuration.Snapshot.Policies;

/// <summary>TLS towards an upstream; <c>{}</c> verifies against the system's roots.</summary>
public sealed record BackendTls : PolicySnapshot
{
    internal static Shape<BackendTls> Shape { get; } = Shapes.Object("BackendTls", "TLS towards an upstream; `{}` verifies against the system's roots.", Read);

    /// <summary>Client certificate, a PEM file.</summary>
    public PemFile? Cert { get; init; }

    /// <summary>Its private key, a PEM file.</summary>
    public Secret? Key { get; init; }

    /// <summary>Certificates that servers are verified against, a PEM file.</summary>
    public PemFile? Root { get; init; }

    /// <summary>Name for SNI and verification; the upstream's by default.</summary>
    public string? Hostname { get; init; }

    /// <summary>Do not verify the server at all.</summary>
    public bool Insecure { get; init; }

    /// <summary>Verify the chain and not the name.</summary>
    public bool InsecureHost { get; init; }

    /// <summary>Protocols to offer.</summary>
    public EquatableArray<string>? Alpn { get; init; }

    /// <summary>Names of which the certificate must have one.</summary>
    public EquatableArray<string>? SubjectAltNames { get; init; }

    /// <summary>Groups to offer.</summary>
    public EquatableArray<KeyExchangeGroup>? KeyExchangeGroups { get; init; }

    /// <summary>Identity from a SPIFFE workload API.</summary>
    public SpiffeTls? Spiffe { get; init; }

    private static BackendTls Read(ObjectReader r)
    {
        var v = new BackendTls
        {
            Cert = r.Optional("cert", FileShapes.Pem, "Client certificate, a PEM file.", "certs/client.pem"),
            Key = r.Optional("key", FileShapes.PrivateKey, "Its private key, a PEM file.", "certs/client-key.pem"),
            Root = r.Optional("root", FileShapes.Pem, "Certificates that servers are verified against, a PEM file.", "certs/ca.pem"),
            Hostname = r.Optional("hostname", Shapes.Text, "Name for SNI and verification; the upstream's by default.", "api.example.com"),
            Insecure = r.Value("insecure", Shapes.Flag, false, "Do not verify the server at all.", "false"),
            InsecureHost = r.Value("insecureHost", Shapes.Flag, false, "Verify the chain and not the name.", "false"),
            Alpn = r.OptionalValue("alpn", Shapes.List(ValueShapes.ProtocolName), "Protocols to offer.", "[\"h2\", \"http/1.1\"]"),
            SubjectAltNames = r.OptionalValue("subjectAltNames", Shapes.List(Shapes.Text), "Names of which the certificate must have one.", "[\"spiffe://example.org/api\"]"),
            KeyExchangeGroups = r.OptionalValue("keyExchangeGroups", Shapes.List(EnumShapes.KeyExchangeGroupWords), "Groups to offer.", "[\"X25519\"]"),
            Spiffe = r.Optional("spiffe", SpiffeTls.Shape, "Identity from a SPIFFE workload API."),
        };
        if (r.IsSet("cert") != r.IsSet("key"))
        {
            r.Error(r.IsSet("cert") ? "cert" : "key", "cert and key must be set together");
        }

        if (v is { Cert.Text.Length: > 0, Key: { } key } && key.Reveal().Length > 0 && !TlsFiles.BelongTogether(v.Cert.Text, key.Reveal()))
        {
            r.Error("key", "the private key does not belong to the certificate in `cert`");
        }

        if (r.IsSet("spiffe") && (r.IsSet("cert") || r.IsSet("key") || r.IsSet("root") || v.Insecure || v.InsecureHost || r.IsSet("keyExchangeGroups")))
        {
            r.Error("spiffe", "backend TLS 'spiffe' is mutually exclusive with 'cert'/'key'/'root'/'insecure'/'insecureHost'/'keyExchangeGroups'; remove spiffe, or the others");
        }

        return v;
    }
}
