namespace AgentGateway.Configuration.Snapshot.Policies;

/// <summary>Authentication by JSON web token. Valid claims are seen as <c>jwt.*</c>.</summary>
public sealed record JwtAuth : PolicySnapshot
{
    /// <summary>What happens to requests without a valid token.</summary>
    public AuthenticationMode Mode { get; init; }

    /// <summary>Where the token is; <c>Authorization: Bearer</c> when null.</summary>
    public AuthorizationLocation? Location { get; init; }

    /// <summary>Issuers whose tokens are accepted.</summary>
    public EquatableArray<JwtProvider> Providers { get; init; } = [];
}
