using AgentGateway.Configuration.Reading;

namespace AgentGateway.Configuration.Snapshot.Policies;

/// <summary>A token to exchange.</summary>
public sealed record SubjectToken
{
    internal static Shape<SubjectToken> Shape { get; } = Shapes.Object("SubjectToken", "A token to exchange.", Read);

    /// <summary>Where it is found; <c>Authorization: Bearer</c> by default.</summary>
    public AuthorizationLocation? Source { get; init; }

    /// <summary>Its type.</summary>
    public string TokenType { get; init; } = "urn:ietf:params:oauth:token-type:access_token";

    private static SubjectToken Read(ObjectReader r) => new()
    {
        Source = r.Optional("source", AuthorizationLocation.Shape, "Where it is found; `Authorization: Bearer` by default."),
        TokenType = r.Value("tokenType", ValueShapes.TokenType, "urn:ietf:params:oauth:token-type:access_token", "Its type.", "urn:ietf:params:oauth:token-type:access_token"),
    };
}
