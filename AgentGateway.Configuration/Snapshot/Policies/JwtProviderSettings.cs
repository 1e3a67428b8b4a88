namespace AgentGateway.Configuration.Snapshot.Policies;

/// <summary>One issuer of tokens.</summary>
public sealed record JwtProviderSettings
{
    /// <summary>Required value of <c>iss</c>.</summary>
    public required string Issuer { get; init; }

    /// <summary>Accepted values of <c>aud</c>; empty does not check it.</summary>
    public EquatableArray<string> Audiences { get; init; }

    /// <summary>JSON Web Key Set of the issuer.</summary>
    public required DocumentSource Jwks { get; init; }

    /// <summary>Claims that a token must have (<c>jwtValidationOptions.requiredClaims</c>); <c>exp</c> by default.</summary>
    public EquatableArray<string> RequiredClaims { get; init; } = ["exp"];
}
