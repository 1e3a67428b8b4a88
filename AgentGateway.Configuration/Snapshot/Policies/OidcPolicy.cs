using AgentGateway.Configuration.Reading;

namespace AgentGateway.Configuration.Snapshot.Policies;

/// <summary>Browser login with OpenID Connect. Needs <c>OIDC_COOKIE_SECRET</c>.</summary>
public sealed record OidcPolicy : PolicySnapshot
{
    internal static Shape<OidcPolicy> Shape { get; } = Shapes.Object("OidcPolicy", "Browser login with OpenID Connect. Needs `OIDC_COOKIE_SECRET`.", Read);

    /// <summary>Issuer.</summary>
    public required string Issuer { get; init; }

    /// <summary>Discovery document; the issuer's well-known one by default.</summary>
    public Resource? Discovery { get; init; }

    /// <summary>Authorization endpoint, instead of the discovered one.</summary>
    public string? AuthorizationEndpoint { get; init; }

    /// <summary>Token endpoint, instead of the discovered one.</summary>
    public string? TokenEndpoint { get; init; }

    /// <summary>How the client authenticates there.</summary>
    public TokenEndpointAuth? TokenEndpointAuth { get; init; }

    /// <summary>Keys of the issuer, instead of the discovered ones.</summary>
    public Resource? Jwks { get; init; }

    /// <summary>Client.</summary>
    public required string ClientId { get; init; }

    /// <summary>Its secret.</summary>
    public required Secret ClientSecret { get; init; }

    /// <summary>Callback on this gateway.</summary>
    public required string RedirectUri { get; init; }

    /// <summary>Scopes beside <c>openid</c>.</summary>
    public EquatableArray<string> Scopes { get; init; } = [];

    private static OidcPolicy Read(ObjectReader r)
    {
        CheckCookieSecret(r);
        var policy = ReadKeys(r);

        // The discovery document stands below the issuer, unless it or what it says is given.
        var discovers = policy.Discovery is null && (policy.AuthorizationEndpoint is null || policy.TokenEndpoint is null || policy.Jwks is null);
        if (discovers && policy.Issuer.Length > 0 && !ValueShapes.IsHttpUrl(policy.Issuer))
        {
            r.Error("issuer", "the issuer is no URL under which a discovery document could be; write an absolute http or https URL, or set discovery");
        }

        return policy;
    }

    // Without it there is no login: better known at load than at the first request.
    private static void CheckCookieSecret(ObjectReader r)
    {
        const string Remedy = "64 hexadecimal digits, as from `openssl rand -hex 32`";
        var secret = r.Context.Options.Environment("OIDC_COOKIE_SECRET");
        if (string.IsNullOrWhiteSpace(secret))
        {
            r.Error($"oidc needs the environment variable OIDC_COOKIE_SECRET: {Remedy}");
        }
        else if (secret.AsSpan().Trim() is var digits && (digits.Length != 64 || digits.ContainsAnyExcept(CharacterSets.HexDigits)))
        {
            r.Error($"OIDC_COOKIE_SECRET is {Remedy}");
        }
    }

    private static OidcPolicy ReadKeys(ObjectReader r) => new()
    {
        Issuer = r.Required("issuer", Shapes.NonEmptyText, "Issuer.", "https://issuer.example.com"),
        Discovery = r.Optional("discovery", Resource.Shape, "Discovery document; the issuer's well-known one by default.", "{url: \"https://issuer.example.com/.well-known/openid-configuration\"}"),
        AuthorizationEndpoint = r.Optional("authorizationEndpoint", ValueShapes.Url, "Authorization endpoint, instead of the discovered one.", "https://issuer.example.com/authorize"),
        TokenEndpoint = r.Optional("tokenEndpoint", ValueShapes.Url, "Token endpoint, instead of the discovered one.", "https://issuer.example.com/token"),
        TokenEndpointAuth = r.OptionalValue("tokenEndpointAuth", EnumShapes.TokenEndpointAuthWords, "How the client authenticates there."),
        Jwks = r.Optional("jwks", Resource.Shape, "Keys of the issuer, instead of the discovered ones."),
        ClientId = r.Required("clientId", Shapes.NonEmptyText, "Client.", "gateway"),
        ClientSecret = r.Required("clientSecret", SecretShape.Inline, "Its secret."),
        RedirectUri = r.Required("redirectURI", ValueShapes.Url, "Callback on this gateway.", "http://localhost:3000/oauth/callback"),
        Scopes = r.List("scopes", Shapes.Text, "Scopes beside `openid`.", "[\"email\"]"),
    };
}
