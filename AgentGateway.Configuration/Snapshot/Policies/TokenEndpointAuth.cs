namespace AgentGateway.Configuration.Snapshot.Policies;

/// <summary>How the client authenticates at a token endpoint.</summary>
public enum TokenEndpointAuth
{
    /// <summary>HTTP basic authentication.</summary>
    ClientSecretBasic,

    /// <summary>In the form body.</summary>
    ClientSecretPost,
}
