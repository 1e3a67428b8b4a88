namespace AgentGateway.Configuration.Snapshot.Policies;

/// <summary>Signature algorithm of tokens that the gateway signs.</summary>
public enum JwtSigningAlgorithm
{
    /// <summary>RSA PKCS#1 with SHA-256.</summary>
    RS256,

    /// <summary>RSA PKCS#1 with SHA-384.</summary>
    RS384,

    /// <summary>RSA PKCS#1 with SHA-512.</summary>
    RS512,

    /// <summary>RSA PSS with SHA-256.</summary>
    PS256,

    /// <summary>ECDSA P-256 with SHA-256.</summary>
    ES256,

    /// <summary>ECDSA P-384 with SHA-384.</summary>
    ES384,
}
