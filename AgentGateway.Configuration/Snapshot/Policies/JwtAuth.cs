using AgentGateway.Configuration.Reading;

namespace AgentGateway.Configuration.Snapshot.Policies;

/// <summary>Authentication by JSON web token. Valid claims are seen as <c>jwt.*</c>.</summary>
public sealed record JwtAuth : PolicySnapshot
{
    internal static Shape<JwtAuth> Shape { get; } = Shapes.ByKey(
        "providers",
        Shapes.Object("JwtAuthProviders", "Authentication by JSON web tokens of several issuers.", static r => new JwtAuth
        {
            Mode = ReadMode(r),
            Location = ReadLocation(r),
            Providers = r.Required("providers", Shapes.List(JwtProvider.Shape, 1), "Issuers whose tokens are accepted."),
        }),
        Shapes.Object("JwtAuth", "Authentication by JSON web token.", static r => new JwtAuth
        {
            Mode = ReadMode(r),
            Location = ReadLocation(r),
            Providers = [JwtProvider.Read(r)],
        }));

    /// <summary>What happens to requests without a valid token.</summary>
    public AuthenticationMode Mode { get; init; }

    /// <summary>Where the token is; <c>Authorization: Bearer</c> when null.</summary>
    public AuthorizationLocation? Location { get; init; }

    /// <summary>Issuers whose tokens are accepted.</summary>
    public EquatableArray<JwtProvider> Providers { get; init; } = [];

    private static AuthenticationMode ReadMode(ObjectReader r) =>
        r.Value("mode", EnumShapes.AuthenticationModeWords, AuthenticationMode.Optional, "What happens to requests without a valid token.", "optional");

    private static AuthorizationLocation? ReadLocation(ObjectReader r) =>
        r.Optional("location", AuthorizationLocation.Shape, "Where the token is; `Authorization: Bearer` by default.");
}
