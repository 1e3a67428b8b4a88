namespace AgentGateway.Configuration.Snapshot.Policies;

/// <summary>Refuses cross-site requests that change state.</summary>
public sealed record CsrfPolicy : PolicySnapshot
{

    /// <summary>Further origins that are trusted.</summary>
    public EquatableArray<string> AdditionalOrigins { get; init; } = [];

}
