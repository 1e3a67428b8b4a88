namespace AgentGateway.Configuration.Snapshot.Policies;

/// <summary>A token to exchange.</summary>
public sealed record SubjectToken
{
    /// <summary>Where it is found; <c>Authorization: Bearer</c> by default.</summary>
    public AuthorizationLocation? Source { get; init; }

    /// <summary>Its type.</summary>
    public string TokenType { get; init; } = "urn:ietf:params:oauth:token-type:access_token";
}
