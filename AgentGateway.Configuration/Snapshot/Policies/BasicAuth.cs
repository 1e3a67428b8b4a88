namespace AgentGateway.Configuration.Snapshot.Policies;

/// <summary>HTTP basic authentication.</summary>
public sealed record BasicAuth : PolicySnapshot
{
    /// <summary>Users in htpasswd form.</summary>
    public required Secret Htpasswd { get; init; }

    /// <summary>Realm of the challenge; <c>Restricted</c> by default.</summary>
    public string? Realm { get; init; }

    /// <summary>What happens to requests without valid credentials.</summary>
    public BasicAuthenticationMode Mode { get; init; }

    /// <summary>Where credentials are; <c>Authorization: Basic</c> by default.</summary>
    public AuthorizationLocation? AuthorizationLocation { get; init; }
}
