namespace AgentGateway.Configuration.Snapshot.Policies;

/// <summary>Authentication by API key.</summary>
public sealed record ApiKeyAuth : PolicySnapshot
{
    /// <summary>Keys that are accepted.</summary>
    public required EquatableArray<ApiKey> Keys { get; init; }

    /// <summary>What happens to requests without valid credentials.</summary>
    public AuthenticationMode Mode { get; init; }

    /// <summary>Where the key is; <c>Authorization: Bearer</c> by default.</summary>
    public AuthorizationLocation? Location { get; init; }
}
