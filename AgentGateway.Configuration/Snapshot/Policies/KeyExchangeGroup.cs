namespace AgentGateway.Configuration.Snapshot.Policies;

/// <summary>A group of the TLS key exchange.</summary>
public enum KeyExchangeGroup
{
    /// <summary>Curve25519.</summary>
    X25519,

    /// <summary>NIST P-256.</summary>
    P256,

    /// <summary>NIST P-384.</summary>
    P384,

    /// <summary>Hybrid of Curve25519 and ML-KEM-768.</summary>
    X25519MlKem768,
}
