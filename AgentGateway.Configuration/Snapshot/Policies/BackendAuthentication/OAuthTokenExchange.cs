using AgentGateway.Configuration.Model.Policies;
using AgentGateway.Configuration.Reading;

namespace AgentGateway.Configuration.Snapshot.Policies;

/// <summary>Exchanges the caller's token at a token endpoint (RFC 8693 or RFC 7523).</summary>
public sealed record OAuthTokenExchange
{
    internal static Shape<OAuthTokenExchange> Shape { get; } = Shapes.Object("OAuthTokenExchange", "Exchanges the caller's token at a token endpoint (RFC 8693 or RFC 7523).", Read);

    /// <summary>The service that is asked.</summary>
    public required BackendReference Target { get; init; }

    /// <summary>Policies of the connection to the token endpoint.</summary>
    public EquatableArray<PolicySnapshot> Policies { get; init; } = [];

    /// <summary>Path of the token endpoint; <c>/</c> by default.</summary>
    public string? Path { get; init; }

    /// <summary>Grant.</summary>
    public OAuthGrantType GrantType { get; init; }

    /// <summary>The token to exchange; the bearer token by default.</summary>
    public SubjectToken? SubjectToken { get; init; }

    /// <summary>The token of the acting party.</summary>
    public ActorToken? ActorToken { get; init; }

    /// <summary>Audiences asked for.</summary>
    public EquatableArray<string> Audiences { get; init; } = [];

    /// <summary>Scopes asked for.</summary>
    public EquatableArray<string> Scopes { get; init; } = [];

    /// <summary>Resources asked for.</summary>
    public EquatableArray<string> Resources { get; init; } = [];

    /// <summary>Type of token asked for.</summary>
    public string? RequestedTokenType { get; init; }

    /// <summary>How the gateway authenticates at the endpoint.</summary>
    public OAuthClientAuth? ClientAuth { get; init; }

    /// <summary>Further form parameters, by expression.</summary>
    public EquatableMap<Expression> AdditionalParams { get; init; } = EquatableMap<Expression>.Empty;

    /// <summary>Where the new token is put; <c>Authorization: Bearer</c> by default.</summary>
    public AuthorizationLocation? AuthorizationLocation { get; init; }

    /// <summary>Keeps tokens.</summary>
    public TokenCache? Cache { get; init; }

    private static OAuthTokenExchange Read(ObjectReader r) => new()
    {
        Target = BackendReference.ReadInline(r),
        Policies = r.Value("policies", PolicySetShapes.Target, [], "Policies of the connection to the token endpoint.", "{}"),
        Path = r.Optional("path", Shapes.Text, "Path of the token endpoint; `/` by default.", "/oauth/token"),
        GrantType = r.Value("grantType", EnumShapes.OAuthGrantTypeWords, OAuthGrantType.TokenExchange, "Grant.", "tokenExchange"),
        SubjectToken = r.Optional("subjectToken", SubjectToken.Shape, "The token to exchange; the bearer token by default."),
        ActorToken = r.Optional("actorToken", ActorToken.Shape, "The token of the acting party."),
        Audiences = r.List("audiences", Shapes.Text, "Audiences asked for.", "[\"target-api\"]"),
        Scopes = r.List("scopes", Shapes.Text, "Scopes asked for.", "[\"read\"]"),
        Resources = r.List("resources", Shapes.Text, "Resources asked for.", "[\"https://api.example.com\"]"),
        RequestedTokenType = r.Optional("requestedTokenType", ValueShapes.TokenType, "Type of token asked for.", "urn:ietf:params:oauth:token-type:access_token"),
        ClientAuth = r.Optional("clientAuth", OAuthClientAuth.Shape, "How the gateway authenticates at the endpoint.", "{clientId: gateway, clientSecret: secret}"),
        AdditionalParams = r.Map("additionalParams", Expression.Shape, "Further form parameters, by expression.", "tenant", "jwt.tenant"),
        AuthorizationLocation = r.Optional("authorizationLocation", Snapshot.Policies.AuthorizationLocation.Shape, "Where the new token is put; `Authorization: Bearer` by default."),
        Cache = r.Optional("cache", TokenCache.Shape, "Keeps tokens."),
    };
}
