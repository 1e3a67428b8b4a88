namespace AgentGateway.Configuration.Snapshot.Policies;

/// <summary>What a token must hold.</summary>
public sealed record JwtValidationOptions
{
    /// <summary>Claims that must be present.</summary>
    public EquatableArray<string> RequiredClaims { get; init; } = ["exp"];
}
