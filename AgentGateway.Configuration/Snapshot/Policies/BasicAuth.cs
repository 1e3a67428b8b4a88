using AgentGateway.Configuration.Reading;

namespace AgentGateway.Configuration.Snapshot.Policies;

/// <summary>HTTP basic authentication.</summary>
public sealed record BasicAuth : PolicySnapshot
{
    internal static Shape<BasicAuth> Shape { get; } = Shapes.Object("BasicAuth", "HTTP basic authentication.", Read);

    /// <summary>Users in htpasswd form.</summary>
    public required Secret Htpasswd { get; init; }

    /// <summary>Realm of the challenge; <c>Restricted</c> by default.</summary>
    public string? Realm { get; init; }

    /// <summary>What happens to requests without valid credentials.</summary>
    public BasicAuthenticationMode Mode { get; init; }

    /// <summary>Where credentials are; <c>Authorization: Basic</c> by default.</summary>
    public AuthorizationLocation? AuthorizationLocation { get; init; }

    private static BasicAuth Read(ObjectReader r) => new()
    {
        Htpasswd = r.Required("htpasswd", SecretShape.FileOrInline, "Users in htpasswd form.", "{file: users.htpasswd}"),
        Realm = r.Optional("realm", HeaderShapes.Value, "Realm of the challenge; `Restricted` by default.", "Restricted"),
        Mode = r.Value("mode", EnumShapes.BasicAuthenticationModeWords, BasicAuthenticationMode.Optional, "What happens to requests without valid credentials.", "optional"),
        AuthorizationLocation = r.Optional("authorizationLocation", Policies.AuthorizationLocation.Shape, "Where credentials are; `Authorization: Basic` by default."),
    };
}
