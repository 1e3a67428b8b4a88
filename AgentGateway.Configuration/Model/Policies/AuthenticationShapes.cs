using AgentGateway.Configuration.Reading;
using AgentGateway.Configuration.Snapshot.Policies;

namespace AgentGateway.Configuration.Model.Policies;

/// <summary>Policies that find out who a caller is.</summary>
internal static class AuthenticationShapes
{
    private static readonly EquatableArray<string> DefaultClaims = ["exp"];

    private static readonly Shape<EquatableArray<string>> Validation = Shapes.Object("JwtValidationOptions", "What a token must hold.", static r =>
        r.Value("requiredClaims", Shapes.List(Shapes.NonEmptyText), DefaultClaims, "Claims that must be present.", "[exp]"));

    private static readonly Shape<JwtProviderSettings> Provider = Shapes.Object("JwtProvider", "An issuer of tokens.", ReadProvider);

    public static Shape<JwtAuthPolicy> Jwt { get; } = Shapes.ByKey(
        "providers",
        Shapes.Object("JwtAuthProviders", "Authentication by JSON web tokens of several issuers.", static r => new JwtAuthPolicy
        {
            Mode = ReadMode(r),
            Location = ReadLocation(r, "location", CredentialLocation.Bearer),
            Providers = r.Required("providers", Shapes.List(Provider, 1), "Issuers whose tokens are accepted."),
        }),
        Shapes.Object("JwtAuth", "Authentication by JSON web token.", static r => new JwtAuthPolicy
        {
            Mode = ReadMode(r),
            Location = ReadLocation(r, "location", CredentialLocation.Bearer),
            Providers = [ReadProvider(r)],
        }));

    private static readonly Shape<AuthenticationMode> BasicMode = Shapes.Enum(("optional", AuthenticationMode.Optional), ("strict", AuthenticationMode.Strict));

    public static Shape<BasicAuthPolicy> Basic { get; } = Shapes.Object("BasicAuth", "HTTP basic authentication.", static r => new BasicAuthPolicy
    {
        Htpasswd = r.Required("htpasswd", SecretShape.FileOrInline, "Users in htpasswd form: text or `{file}`.", "{file: users.htpasswd}"),
        Realm = r.TextOr("realm", "Restricted", "Realm of the challenge."),
        Mode = r.Value("mode", BasicMode, AuthenticationMode.Optional, "What happens to requests without valid credentials.", "optional"),
        Location = ReadLocation(r, "authorizationLocation", CredentialLocation.Basic),
    });

    private static readonly Shape<ApiKeySettings> Key = Shapes.Object("ApiKey", "One API key.", static r =>
    {
        var key = r.Optional("key", SecretShape.Inline, "The key itself.", "secret-key-1");
        var hash = r.Optional("keyHash", ValueShapes.KeyHash, "Its SHA-256 as `sha256:<hex>`.");
        r.ExactlyOne("key", "keyHash");
        return new ApiKeySettings
        {
            Key = key,
            KeyHash = hash is { Length: > 7 } ? hash[7..].ToLowerInvariant() : null,
            Metadata = r.Optional("metadata", Shapes.JsonObject, "Free data, seen as `apiKey.<field>`.", "{user: alice}") ?? JsonText.EmptyObject,
            AllowedModels = r.Texts("allowedModels", "LLM models this key may use: exact, `prefix*`, `*suffix` or `*`; all when empty.", "[\"gpt-*\"]"),
        };
    });

    public static Shape<ApiKeyPolicy> ApiKey { get; } = Shapes.Object("ApiKeyAuth", "Authentication by API key.", static r => new ApiKeyPolicy
    {
        Keys = r.Required("keys", Shapes.List(Key), "Keys that are accepted."),
        Mode = ReadMode(r),
        Location = ReadLocation(r, "location", CredentialLocation.Bearer),
    });

    /// <summary>Claims that a token must have, from <c>jwtValidationOptions</c>.</summary>
    public static EquatableArray<string> ReadRequiredClaims(ObjectReader r) =>
        r.OptionalValue("jwtValidationOptions", Validation, "What a token must hold.", "{requiredClaims: [exp]}") ?? DefaultClaims;

    private static JwtProviderSettings ReadProvider(ObjectReader r) => new()
    {
        Issuer = r.RequiredText("issuer", "Expected `iss`.", "https://issuer.example.com"),
        Audiences = r.Texts("audiences", "Accepted `aud`; any when empty.", "[my-api]"),
        Jwks = r.Required("jwks", DocumentShape.Shape, "Keys of the issuer: inline JSON, `{file}` or `{url}`.", "{url: \"https://issuer.example.com/.well-known/jwks.json\"}"),
        RequiredClaims = ReadRequiredClaims(r),
    };

    private static AuthenticationMode ReadMode(ObjectReader r) =>
        r.Value("mode", EnumShapes.AuthenticationModeWords, AuthenticationMode.Optional, "What happens to requests without valid credentials.", "optional");

    private static CredentialLocation ReadLocation(ObjectReader r, string key, CredentialLocation fallback) =>
        r.Optional(key, CredentialShapes.Location, "Where the credential is; the `Authorization` header by default.") ?? fallback;
}
