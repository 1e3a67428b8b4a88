using AgentGateway.Configuration.Reading;

namespace AgentGateway.Configuration.Snapshot.Policies;

/// <summary>Signs a token for each request.</summary>
public sealed record JwtSign
{
    internal static Shape<JwtSign> Shape { get; } = Shapes.Object("JwtSign", "Signs a token for each request.", Read);

    /// <summary>Private key, PEM.</summary>
    public required Secret SigningKey { get; init; }

    /// <summary>Signature algorithm.</summary>
    public JwtSigningAlgorithm Alg { get; init; }

    /// <summary>Key id in the token's header.</summary>
    public string? Kid { get; init; }

    /// <summary>Claims as they are; <c>iat</c>, <c>exp</c> and <c>nbf</c> are set by the gateway.</summary>
    public JsonText? Claims { get; init; }

    /// <summary>Life of a token.</summary>
    public TimeSpan Ttl { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>Where the token is put; <c>Authorization: Bearer</c> by default.</summary>
    public AuthorizationLocation? Location { get; init; }

    private static JwtSign Read(ObjectReader r)
    {
        var v = new JwtSign
        {
            SigningKey = r.Required("signingKey", SecretShape.FileOrInline, "Private key, PEM.", "{file: keys/signing.pem}"),
            Alg = r.Value("alg", EnumShapes.JwtSigningAlgorithmWords, JwtSigningAlgorithm.RS256, "Signature algorithm.", "RS256"),
            Kid = r.Optional("kid", Shapes.NonEmptyText, "Key id in the token's header.", "key-1"),
            Claims = r.Optional("claims", Shapes.JsonObject, "Claims as they are; `iat`, `exp` and `nbf` are set by the gateway.", "{iss: gateway}"),
            Ttl = r.Value("ttl", Shapes.PositiveDuration, TimeSpan.FromMinutes(5), "Life of a token.", "5m0s"),
            Location = r.Optional("location", AuthorizationLocation.Shape, "Where the token is put; `Authorization: Bearer` by default."),
        };
        CheckClaims(r);
        return v;
    }

    private static void CheckClaims(ObjectReader r)
    {
        foreach (var claim in (ReadOnlySpan<string>)["iat", "exp", "nbf"])
        {
            if (r.HasInside("claims", claim))
            {
                r.Error("claims", $"`{claim}` is set by the gateway; remove it from claims");
            }
        }
    }
}
