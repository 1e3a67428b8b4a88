namespace AgentGateway.Configuration.Snapshot.Policies;

/// <summary>Changes headers.</summary>
public sealed record HeaderModifier
{

    /// <summary>Headers to append.</summary>
    public EquatableMap<string> Add { get; init; } = EquatableMap<string>.Empty;

    /// <summary>Headers to set, replacing what is there. <c>host</c> sets the authority.</summary>
    public EquatableMap<string> Set { get; init; } = EquatableMap<string>.Empty;

    /// <summary>Headers to remove.</summary>
    public EquatableArray<string> Remove { get; init; } = [];

}
