using AgentGateway.Configuration.Reading;

namespace AgentGateway.Configuration.Snapshot.Policies;

/// <summary>Google Cloud credentials.</summary>
public sealed record GcpAuth
{
    internal static Shape<GcpAuth> Shape { get; } = Shapes.Object("GcpAuth", "Google Cloud credentials.", Read);

    /// <summary>Kind of token.</summary>
    public GcpTokenType Type { get; init; }

    /// <summary>Audience of an id token; derived from the target by default.</summary>
    public string? Audience { get; init; }

    /// <summary>Service account key; the environment's credentials by default.</summary>
    public Secret? Credential { get; init; }

    private static GcpAuth Read(ObjectReader r)
    {
        var v = new GcpAuth
        {
            Type = r.Value("type", EnumShapes.GcpTokenTypeWords, GcpTokenType.AccessToken, "Kind of token.", "accessToken"),
            Audience = r.Optional("audience", Shapes.NonEmptyText, "Audience of an id token; derived from the target by default.", "https://run.example.com"),
            Credential = r.Optional("credential", SecretShape.FileOrInline, "Service account key; the environment's credentials by default.", "{file: gcp.json}"),
        };
        if (!r.Describing && v.Audience is not null && v.Type != GcpTokenType.IdToken) { r.Error("audience", "audience is for type idToken only"); }
        return v;
    }
}
