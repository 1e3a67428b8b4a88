namespace AgentGateway.Configuration.Snapshot.Tls;

/// <summary>
/// TLS that a listener terminates (configuration key <c>tls</c>). Holds the text of the files, so that a renewed certificate is a changed
/// listener and an unchanged one is not.
/// </summary>
public sealed record ServerTlsSnapshot
{
    /// <summary>PEM text of the certificate chain, leaf first (file <c>cert</c>).</summary>
    public required string CertificatePem { get; init; }

    /// <summary>PEM text of the private key (file <c>key</c>, which may be the same bundle as <c>cert</c>).</summary>
    public required Secret PrivateKeyPem { get; init; }

    /// <summary>PEM text of the authorities that client certificates must come from (file <c>root</c>); null asks for no client certificate.</summary>
    public string? ClientAuthorityPem { get; init; }

    /// <summary>Lowest TLS version; 1.2 by default.</summary>
    public TlsVersion MinimumVersion { get; init; } = TlsVersion.Tls12;

    /// <summary>Highest TLS version; 1.3 by default.</summary>
    public TlsVersion MaximumVersion { get; init; } = TlsVersion.Tls13;

    /// <summary>IANA names of the cipher suites that may be used; empty leaves the choice to the operating system.</summary>
    public EquatableArray<string> CipherSuites { get; init; } = [];
}
