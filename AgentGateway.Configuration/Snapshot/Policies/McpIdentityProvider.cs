namespace AgentGateway.Configuration.Snapshot.Policies;

/// <summary>An identity provider that needs an adapter for MCP clients.</summary>
public enum McpIdentityProvider
{
    /// <summary>Auth0.</summary>
    Auth0,

    /// <summary>Keycloak.</summary>
    Keycloak,

    /// <summary>Okta.</summary>
    Okta,

    /// <summary>Descope.</summary>
    Descope,

    /// <summary>authentik.</summary>
    Authentik,

    /// <summary>Microsoft Entra ID.</summary>
    Entra,
}
