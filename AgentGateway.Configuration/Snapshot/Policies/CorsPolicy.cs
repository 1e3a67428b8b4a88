namespace AgentGateway.Configuration.Snapshot.Policies;

/// <summary>Cross-origin resource sharing.</summary>
public sealed record CorsPolicy : PolicySnapshot
{

    /// <summary>Allow cookies and authorization.</summary>
    public bool AllowCredentials { get; init; }

    /// <summary>Request headers that are allowed; <c>*</c> for all.</summary>
    public EquatableArray<string> AllowHeaders { get; init; } = [];

    /// <summary>Methods that are allowed; <c>*</c> for all.</summary>
    public EquatableArray<string> AllowMethods { get; init; } = [];

    /// <summary>Origins that are allowed: exact, with <c>*</c> in the host, or <c>*</c> for all.</summary>
    public EquatableArray<string> AllowOrigins { get; init; } = [];

    /// <summary>Response headers that scripts may read.</summary>
    public EquatableArray<string> ExposeHeaders { get; init; } = [];

    /// <summary>How long browsers may keep the answer.</summary>
    public TimeSpan? MaxAge { get; init; }

}
