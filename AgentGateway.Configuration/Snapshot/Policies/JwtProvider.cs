using AgentGateway.Configuration.Reading;

namespace AgentGateway.Configuration.Snapshot.Policies;

/// <summary>An issuer of tokens.</summary>
public sealed record JwtProvider
{
    internal static Shape<JwtProvider> Shape { get; } = Shapes.Object("JwtProvider", "An issuer of tokens.", Read);

    /// <summary>Expected <c>iss</c>.</summary>
    public required string Issuer { get; init; }

    /// <summary>Accepted <c>aud</c>; any when absent.</summary>
    public EquatableArray<string>? Audiences { get; init; }

    /// <summary>Keys of the issuer: inline JSON, <c>{file}</c> or <c>{url}</c>.</summary>
    public required Resource Jwks { get; init; }

    /// <summary>What a token must hold.</summary>
    public JwtValidationOptions? JwtValidationOptions { get; init; }

    internal static JwtProvider Read(ObjectReader r) => new()
    {
        Issuer = r.Required("issuer", Shapes.NonEmptyText, "Expected `iss`.", "https://issuer.example.com"),
        Audiences = r.OptionalValue("audiences", Shapes.List(Shapes.Text), "Accepted `aud`; any when absent.", "[\"my-api\"]"),
        Jwks = r.Required("jwks", Resource.Shape, "Keys of the issuer: inline JSON, `{file}` or `{url}`.", "{url: \"https://issuer.example.com/.well-known/jwks.json\"}"),
        JwtValidationOptions = r.Optional("jwtValidationOptions", Policies.JwtValidationOptions.Shape, "What a token must hold."),
    };
}
