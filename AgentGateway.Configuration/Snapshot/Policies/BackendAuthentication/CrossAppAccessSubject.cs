namespace AgentGateway.Configuration.Snapshot.Policies;

/// <summary>The caller's token.</summary>
public sealed record CrossAppAccessSubject
{
    /// <summary>Where it is found; <c>Authorization: Bearer</c> by default.</summary>
    public AuthorizationLocation? Source { get; init; }

    /// <summary>Its type.</summary>
    public string? TokenType { get; init; }
}
