using AgentGateway.Configuration.Reading;

namespace AgentGateway.Configuration.Snapshot.Policies;

/// <summary>The caller's token.</summary>
public sealed record CrossAppAccessSubject
{
    internal static Shape<CrossAppAccessSubject> Shape { get; } = Shapes.Object("CrossAppAccessSubject", "The caller's token.", Read);

    /// <summary>Where it is found; <c>Authorization: Bearer</c> by default.</summary>
    public AuthorizationLocation? Source { get; init; }

    /// <summary>Its type.</summary>
    public string? TokenType { get; init; }

    private static CrossAppAccessSubject Read(ObjectReader r) => new()
    {
        Source = r.Optional("source", AuthorizationLocation.Shape, "Where it is found; `Authorization: Bearer` by default."),
        TokenType = r.Optional("tokenType", ValueShapes.TokenType, "Its type.", "urn:ietf:params:oauth:token-type:id_token"),
    };
}
