namespace AgentGateway.Configuration.Snapshot.Policies;

/// <summary>Signs a token for each request.</summary>
public sealed record JwtSign
{
    /// <summary>Private key, PEM.</summary>
    public required Secret SigningKey { get; init; }

    /// <summary>Signature algorithm.</summary>
    public JwtSigningAlgorithm Alg { get; init; }

    /// <summary>Key id in the token's header.</summary>
    public string? Kid { get; init; }

    /// <summary>Claims as they are; <c>iat</c>, <c>exp</c> and <c>nbf</c> are set by the gateway.</summary>
    public JsonText? Claims { get; init; }

    /// <summary>Life of a token.</summary>
    public TimeSpan Ttl { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>Where the token is put; <c>Authorization: Bearer</c> by default.</summary>
    public AuthorizationLocation? Location { get; init; }
}
