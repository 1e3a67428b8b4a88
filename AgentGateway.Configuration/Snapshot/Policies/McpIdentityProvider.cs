using AgentGateway.Configuration.Reading;

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

/// <summary>Reads an identity provider.</summary>
internal static class McpIdentityProviderShape
{
    private static readonly (string Key, McpIdentityProvider Provider)[] Providers =
    [
        ("auth0", McpIdentityProvider.Auth0), ("keycloak", McpIdentityProvider.Keycloak), ("okta", McpIdentityProvider.Okta),
        ("descope", McpIdentityProvider.Descope), ("authentik", McpIdentityProvider.Authentik), ("entra", McpIdentityProvider.Entra),
    ];

    private static readonly Shape<JsonText> NoSettings = Shapes.Object("McpIdentityProviderSettings", "A provider without settings of its own.", static _ => JsonText.EmptyObject);

    public static Shape<McpIdentityProvider> Shape { get; } = Shapes.Object("McpIdentityProvider", "The identity provider; exactly one.", static r =>
    {
        var found = McpIdentityProvider.Auth0;
        foreach (var (key, provider) in Providers)
        {
            if (r.Optional(key, NoSettings, $"Adapter for {provider}.", "{}") is not null)
            {
                found = provider;
            }
        }

        r.ExactlyOne([.. Providers.Select(static p => p.Key)]);
        return found;
    });
}
