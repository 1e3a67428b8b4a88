using AgentGateway.Configuration.Reading;

namespace AgentGateway.Configuration.Snapshot.Policies;

/// <summary>What a token must hold.</summary>
public sealed record JwtValidationOptions
{
    internal static Shape<JwtValidationOptions> Shape { get; } = Shapes.Object("JwtValidationOptions", "What a token must hold.", Read);

    /// <summary>Claims that must be present.</summary>
    public EquatableArray<string> RequiredClaims { get; init; } = ["exp"];

    private static JwtValidationOptions Read(ObjectReader r) => new()
    {
        RequiredClaims = r.Value("requiredClaims", Shapes.List(Shapes.Text), ["exp"], "Claims that must be present.", "[\"exp\"]"),
    };
}
