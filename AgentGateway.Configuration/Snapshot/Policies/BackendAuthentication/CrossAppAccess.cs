using AgentGateway.Configuration.Reading;

namespace AgentGateway.Configuration.Snapshot.Policies;

/// <summary>Identity assertion grant of two legs (ID-JAG).</summary>
public sealed record CrossAppAccess
{
    internal static Shape<CrossAppAccess> Shape { get; } = Shapes.Object("CrossAppAccess", "Identity assertion grant of two legs (ID-JAG).", Read);

    /// <summary>Token endpoint of the identity provider.</summary>
    public required CrossAppAccessEndpoint IdentityProvider { get; init; }

    /// <summary>Token endpoint of the resource.</summary>
    public required CrossAppAccessEndpoint ResourceAuthorizationServer { get; init; }

    /// <summary>Audience of the assertion.</summary>
    public required string Audience { get; init; }

    /// <summary>Resources asked for.</summary>
    public EquatableArray<string> Resources { get; init; } = [];

    /// <summary>Scopes asked of the identity provider.</summary>
    public EquatableArray<string> Scopes { get; init; } = [];

    /// <summary>Scopes asked of the resource.</summary>
    public EquatableArray<string>? AccessTokenScopes { get; init; }

    /// <summary>The caller's token.</summary>
    public CrossAppAccessSubject? SubjectToken { get; init; }

    /// <summary>Keeps tokens.</summary>
    public TokenCache? Cache { get; init; }

    private static CrossAppAccess Read(ObjectReader r) => new()
    {
        IdentityProvider = r.Required("identityProvider", CrossAppAccessEndpoint.Shape, "Token endpoint of the identity provider."),
        ResourceAuthorizationServer = r.Required("resourceAuthorizationServer", CrossAppAccessEndpoint.Shape, "Token endpoint of the resource."),
        Audience = r.Required("audience", Shapes.NonEmptyText, "Audience of the assertion.", "https://resource.example.com"),
        Resources = r.List("resources", Shapes.Text, "Resources asked for."),
        Scopes = r.List("scopes", Shapes.Text, "Scopes asked of the identity provider.", "[\"read\"]"),
        AccessTokenScopes = r.OptionalValue("accessTokenScopes", Shapes.List(Shapes.Text), "Scopes asked of the resource."),
        SubjectToken = r.Optional("subjectToken", CrossAppAccessSubject.Shape, "The caller's token."),
        Cache = r.Optional("cache", TokenCache.Shape, "Keeps tokens."),
    };
}
