using AgentGateway.Configuration.Reading;

namespace AgentGateway.Configuration.Snapshot.Policies;

/// <summary>Authentication by API key.</summary>
public sealed record ApiKeyAuth : PolicySnapshot
{
    internal static Shape<ApiKeyAuth> Shape { get; } = Shapes.Object("ApiKeyAuth", "Authentication by API key.", Read);

    /// <summary>Keys that are accepted.</summary>
    public required EquatableArray<ApiKey> Keys { get; init; }

    /// <summary>What happens to requests without valid credentials.</summary>
    public AuthenticationMode Mode { get; init; }

    /// <summary>Where the key is; <c>Authorization: Bearer</c> by default.</summary>
    public AuthorizationLocation? Location { get; init; }

    private static ApiKeyAuth Read(ObjectReader r) => new()
    {
        Keys = r.Required("keys", Shapes.List(ApiKey.Shape), "Keys that are accepted."),
        Mode = r.Value("mode", EnumShapes.AuthenticationModeWords, AuthenticationMode.Optional, "What happens to requests without valid credentials.", "optional"),
        Location = r.Optional("location", AuthorizationLocation.Shape, "Where the key is; `Authorization: Bearer` by default."),
    };
}
