namespace AgentGateway.Configuration.Snapshot.Policies;

/// <summary>The token of the acting party.</summary>
public sealed record ActorToken
{
    /// <summary>Where it is found.</summary>
    public required AuthorizationLocation Source { get; init; }

    /// <summary>Its type.</summary>
    public string TokenType { get; init; } = "urn:ietf:params:oauth:token-type:access_token";

    /// <summary>The subject token's <c>may_act</c> must name the actor.</summary>
    public bool EnforceMayAct { get; init; }
}
