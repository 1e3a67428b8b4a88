namespace AgentGateway.Configuration.Snapshot.Policies;

/// <summary>How a client authenticates at a token endpoint.</summary>
public enum OAuthClientAuthMethod
{
    /// <summary>HTTP basic authentication.</summary>
    ClientSecretBasic,

    /// <summary>In the form body.</summary>
    ClientSecretPost,

    /// <summary>A signed assertion.</summary>
    PrivateKeyJwt,
}
