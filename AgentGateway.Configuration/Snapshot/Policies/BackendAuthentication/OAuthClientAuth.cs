namespace AgentGateway.Configuration.Snapshot.Policies;

/// <summary>How the gateway authenticates at a token endpoint.</summary>
public sealed record OAuthClientAuth
{
    /// <summary>Client.</summary>
    public required string ClientId { get; init; }

    /// <summary>Its secret.</summary>
    public Secret? ClientSecret { get; init; }

    /// <summary>Method.</summary>
    public OAuthClientAuthMethod Method { get; init; }

    /// <summary>Private key for <c>privateKeyJwt</c>.</summary>
    public Secret? SigningKey { get; init; }

    /// <summary>Certificate that goes with the key.</summary>
    public Secret? Certificate { get; init; }

    /// <summary>How the certificate is shown in the assertion.</summary>
    public CertificateHeader? CertificateHeader { get; init; }

    /// <summary>Signature algorithm of the assertion.</summary>
    public JwtSigningAlgorithm Alg { get; init; }

    /// <summary>Key id of the assertion.</summary>
    public string? Kid { get; init; }

    /// <summary>Audience of the assertion.</summary>
    public string? AssertionAudience { get; init; }
}
