namespace AgentGateway.Configuration.Snapshot.Policies;

/// <summary>Kind of Google Cloud token.</summary>
public enum GcpTokenType
{
    /// <summary>OAuth access token.</summary>
    AccessToken,

    /// <summary>OpenID Connect identity token.</summary>
    IdToken,
}
