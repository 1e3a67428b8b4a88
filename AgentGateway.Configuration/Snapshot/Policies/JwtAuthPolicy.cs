namespace AgentGateway.Configuration.Snapshot.Policies;

/// <summary>Validation of JSON Web Tokens (configuration key <c>jwtAuth</c>, specification config-mcp 3.5).</summary>
public sealed record JwtAuthPolicy : PolicySnapshot
{
    /// <summary>What happens without a valid token; optional by default.</summary>
    public AuthenticationMode Mode { get; init; }

    /// <summary>Where the token stands; <c>Authorization: Bearer</c> by default.</summary>
    public CredentialLocation Location { get; init; } = CredentialLocation.Bearer;

    /// <summary>Accepted issuers, at least one.</summary>
    public required EquatableArray<JwtProviderSettings> Providers { get; init; }
}
