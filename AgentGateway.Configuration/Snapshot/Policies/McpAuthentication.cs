using AgentGateway.Configuration.Reading;

namespace AgentGateway.Configuration.Snapshot.Policies;

/// <summary>OAuth protection of an MCP endpoint, with the metadata that MCP clients look for.</summary>
public sealed record McpAuthentication : PolicySnapshot
{
    internal static Shape<McpAuthentication> Shape { get; } = Shapes.Object("McpAuthentication", "OAuth protection of an MCP endpoint, with the metadata that MCP clients look for.", Read);

    /// <summary>Expected <c>iss</c> of tokens.</summary>
    public required string Issuer { get; init; }

    /// <summary>Accepted <c>aud</c>.</summary>
    public required EquatableArray<string> Audiences { get; init; }

    /// <summary>Adapter for an identity provider that does not follow the MCP specification.</summary>
    public McpIdentityProvider? Provider { get; init; }

    /// <summary>Published as protected resource metadata; camelCase keys become snake_case.</summary>
    public required JsonText ResourceMetadata { get; init; }

    /// <summary>Keys of the issuer; derived from issuer and provider by default.</summary>
    public Resource? Jwks { get; init; }

    /// <summary>What happens to requests without a valid token.</summary>
    public AuthenticationMode Mode { get; init; } = AuthenticationMode.Strict;

    /// <summary>Where the token is; <c>Authorization: Bearer</c> by default.</summary>
    public AuthorizationLocation? AuthorizationLocation { get; init; }

    /// <summary>What a token must hold.</summary>
    public JwtValidationOptions? JwtValidationOptions { get; init; }

    /// <summary>Client that registration requests are answered with.</summary>
    public string? ClientId { get; init; }

    /// <summary>Its secret.</summary>
    public Secret? ClientSecret { get; init; }

    private static McpAuthentication Read(ObjectReader r)
    {
        var policy = ReadKeys(r);
        if (policy.Issuer.Length > 0 && !NeedsUrl(r) && !ValueShapes.IsHttpUrl(policy.Issuer))
        {
            r.Warning("issuer", "the issuer is no URL: tokens are verified, and clients that look for its authorization server find none");
        }

        return policy;
    }

    // What tokens call their issuer may be any text. Keys and documents of a provider are found by it only where it is a URL.
    private static bool NeedsUrl(ObjectReader r) => !r.Describing && (!r.IsSet("jwks") || r.IsSet("provider"));

    private static McpAuthentication ReadKeys(ObjectReader r) => new()
    {
        Issuer = r.Required("issuer", NeedsUrl(r) ? ValueShapes.Url : Shapes.NonEmptyText, "Expected `iss` of tokens; a URL, unless `jwks` is set and `provider` is not.", "https://issuer.example.com"),
        Audiences = r.Required("audiences", Shapes.List(Shapes.Text), "Accepted `aud`.", "[\"http://localhost:3000/mcp\"]"),
        Provider = r.OptionalValue("provider", McpIdentityProviderShape.Shape, "Adapter for an identity provider that does not follow the MCP specification.", "{keycloak: {}}"),
        ResourceMetadata = r.Required("resourceMetadata", Shapes.JsonObject, "Published as protected resource metadata; camelCase keys become snake_case.", "{resource: \"http://localhost:3000/mcp\"}"),
        Jwks = r.Optional("jwks", Resource.Shape, "Keys of the issuer; derived from issuer and provider by default."),
        Mode = r.Value("mode", EnumShapes.AuthenticationModeWords, AuthenticationMode.Strict, "What happens to requests without a valid token.", "strict"),
        AuthorizationLocation = r.Optional("authorizationLocation", Policies.AuthorizationLocation.Shape, "Where the token is; `Authorization: Bearer` by default."),
        JwtValidationOptions = r.Optional("jwtValidationOptions", Policies.JwtValidationOptions.Shape, "What a token must hold."),
        ClientId = r.Optional("clientId", Shapes.NonEmptyText, "Client that registration requests are answered with.", "my-client"),
        ClientSecret = r.Optional("clientSecret", SecretShape.Inline, "Its secret."),
    };
}
