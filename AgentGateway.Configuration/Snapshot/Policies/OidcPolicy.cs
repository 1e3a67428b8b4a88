namespace AgentGateway.Configuration.Snapshot.Policies;

/// <summary>Browser login with OpenID Connect. Needs <c>OIDC_COOKIE_SECRET</c>.</summary>
public sealed record OidcPolicy : PolicySnapshot
{
    /// <summary>Issuer.</summary>
    public required string Issuer { get; init; }

    /// <summary>Discovery document; the issuer's well-known one by default.</summary>
    public Resource? Discovery { get; init; }

    /// <summary>Authorization endpoint, instead of the discovered one.</summary>
    public string? AuthorizationEndpoint { get; init; }

    /// <summary>Token endpoint, instead of the discovered one.</summary>
    public string? TokenEndpoint { get; init; }

    /// <summary>How the client authenticates there.</summary>
    public TokenEndpointAuth? TokenEndpointAuth { get; init; }

    /// <summary>Keys of the issuer, instead of the discovered ones.</summary>
    public Resource? Jwks { get; init; }

    /// <summary>Client.</summary>
    public required string ClientId { get; init; }

    /// <summary>Its secret.</summary>
    public required Secret ClientSecret { get; init; }

    /// <summary>Callback on this gateway.</summary>
    public required string RedirectUri { get; init; }

    /// <summary>Scopes beside <c>openid</c>.</summary>
    public EquatableArray<string> Scopes { get; init; } = [];
}
