using AgentGateway.Configuration.Reading;

namespace AgentGateway.Configuration.Snapshot.Policies;

/// <summary>How the gateway authenticates to an upstream: at most one kind, beside fixed credentials.</summary>
public sealed record BackendAuth : PolicySnapshot
{
    private static readonly string[] Kinds = ["passthrough", "key", "gcp", "aws", "azure", "copilot", "jwtSign", "oauthTokenExchange", "crossAppAccess"];

    internal static Shape<BackendAuth> Shape { get; } = Shapes.ByKind(
        scalar: Shapes.Enum(("copilot", true)).As(static _ => new BackendAuth { Copilot = true }),
        mapping: Shapes.Object("BackendAuth", "How the gateway authenticates to an upstream: at most one kind, beside fixed credentials.", Read));

    /// <summary>Put the caller's validated token back.</summary>
    public PassthroughAuth? Passthrough { get; init; }

    /// <summary>A fixed key.</summary>
    public KeyAuth? Key { get; init; }

    /// <summary>Google Cloud credentials.</summary>
    public GcpAuth? Gcp { get; init; }

    /// <summary>AWS request signing.</summary>
    public AwsAuth? Aws { get; init; }

    /// <summary>Azure credentials.</summary>
    public AzureAuth? Azure { get; init; }

    /// <summary>GitHub Copilot's token exchange.</summary>
    public bool Copilot { get; init; }

    /// <summary>A token that the gateway signs.</summary>
    public JwtSign? JwtSign { get; init; }

    /// <summary>The caller's token, exchanged.</summary>
    public OAuthTokenExchange? OAuthTokenExchange { get; init; }

    /// <summary>The caller's identity, exchanged in two legs.</summary>
    public CrossAppAccess? CrossAppAccess { get; init; }

    /// <summary>Fixed credentials.</summary>
    public EquatableArray<BackendCredential> Credentials { get; init; } = [];

    private static BackendAuth Read(ObjectReader r)
    {
        var auth = new BackendAuth
        {
            Passthrough = r.Optional("passthrough", PassthroughAuth.Shape, "Put the caller's validated token back.", "{}"),
            Key = r.Optional("key", KeyAuth.Shape, "A fixed key: text, `{file}`, or `{value, location}`; sent as bearer token by default.", "secret-key-1"),
            Gcp = r.Optional("gcp", GcpAuth.Shape, "Google Cloud credentials.", "{type: accessToken}"),
            Aws = r.Optional("aws", AwsAuth.Shape, "AWS request signing.", "{}"),
            Azure = r.Optional("azure", AzureAuth.Shape, "Azure credentials.", "{implicit: {}}"),
            Copilot = r.Optional("copilot", Shapes.JsonObject, "GitHub Copilot's token exchange.", "{}") is not null,
            JwtSign = r.Optional("jwtSign", JwtSign.Shape, "A token that the gateway signs."),
            OAuthTokenExchange = r.Optional("oauthTokenExchange", OAuthTokenExchange.Shape, "The caller's token, exchanged."),
            CrossAppAccess = r.Optional("crossAppAccess", CrossAppAccess.Shape, "The caller's identity, exchanged in two legs."),
            Credentials = r.List("credentials", BackendCredential.Shape, "Fixed credentials beside or instead of a kind."),
        };
        r.AtMostOne(Kinds);
        if (!r.IsSet("credentials") && !Array.Exists(Kinds, r.IsSet))
        {
            r.Error($"set one of {string.Join(", ", Kinds)}, or credentials");
        }

        return auth;
    }
}

/// <summary>The caller's validated token is put back.</summary>
/// <param name="Location">Where; <c>Authorization: Bearer</c> when null.</param>
public sealed record PassthroughAuth(AuthorizationLocation? Location)
{
    internal static Shape<PassthroughAuth> Shape { get; } = Shapes.Object("PassthroughAuth", "The caller's validated token is put back.", static r =>
        new PassthroughAuth(r.Optional("location", AuthorizationLocation.Shape, "Where; `Authorization: Bearer` by default.")));
}

/// <summary>A fixed key.</summary>
/// <param name="Value">The key.</param>
/// <param name="Location">Where it is put; <c>Authorization: Bearer</c> when null.</param>
public sealed record KeyAuth(Secret Value, AuthorizationLocation? Location)
{
    internal static Shape<KeyAuth> Shape { get; } = Shapes.ByKey(
        "value",
        Shapes.Object("KeyAuth", "A fixed key with its place.", static r => new KeyAuth(
            r.Required("value", SecretShape.FileOrInline, "The key: text or `{file}`.", "secret-key-1"),
            r.Optional("location", AuthorizationLocation.Shape, "Where it is put; `Authorization: Bearer` by default."))),
        SecretShape.FileOrInline.As(static value => new KeyAuth(value, null)));
}
