namespace AgentGateway.Configuration.Snapshot.Policies;

/// <summary>Grant of a token exchange.</summary>
public enum OAuthGrantType
{
    /// <summary>RFC 8693 token exchange.</summary>
    TokenExchange,

    /// <summary>RFC 7523 JWT bearer.</summary>
    JwtBearer,
}
