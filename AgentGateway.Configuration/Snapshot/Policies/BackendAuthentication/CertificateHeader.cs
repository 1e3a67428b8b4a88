namespace AgentGateway.Configuration.Snapshot.Policies;

/// <summary>How a certificate is shown in an assertion.</summary>
public enum CertificateHeader
{
    /// <summary>The certificate itself.</summary>
    X5c,

    /// <summary>Its SHA-256 thumbprint.</summary>
    X5tS256,
}
