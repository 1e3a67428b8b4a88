using AgentGateway.Configuration.Reading;

namespace AgentGateway.Configuration.Snapshot.Policies;

/// <summary>The token of the acting party.</summary>
public sealed record ActorToken
{
    internal static Shape<ActorToken> Shape { get; } = Shapes.Object("ActorToken", "The token of the acting party.", Read);

    /// <summary>Where it is found.</summary>
    public required AuthorizationLocation Source { get; init; }

    /// <summary>Its type.</summary>
    public string TokenType { get; init; } = "urn:ietf:params:oauth:token-type:access_token";

    /// <summary>The subject token's <c>may_act</c> must name the actor.</summary>
    public bool EnforceMayAct { get; init; }

    private static ActorToken Read(ObjectReader r) => new()
    {
        Source = r.Required("source", AuthorizationLocation.Shape, "Where it is found.", "{header: {name: x-actor-token}}"),
        TokenType = r.Value("tokenType", ValueShapes.TokenType, "urn:ietf:params:oauth:token-type:access_token", "Its type.", "urn:ietf:params:oauth:token-type:access_token"),
        EnforceMayAct = r.Value("enforceMayAct", Shapes.Flag, false, "The subject token's `may_act` must name the actor.", "false"),
    };
}
