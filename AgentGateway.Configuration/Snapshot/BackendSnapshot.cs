using AgentGateway.Configuration.Snapshot.Policies;

namespace AgentGateway.Configuration.Snapshot;

/// <summary>Where a request is sent. Closed hierarchy: one sealed record for each kind.</summary>
public abstract record BackendSnapshot
{
    /// <summary>Runtime key: <c>&lt;routeKey&gt;/backend&lt;index&gt;</c> for an inline backend, <c>/name</c> for a named one.</summary>
    public required string Key { get; init; }

    /// <summary>
    /// Under what connections, sessions and health outlive a reload; <see cref="Key"/> by default. An inline backend is known by its host and by
    /// what its route matches where these have no name, so that it does not depend on what stands before it.
    /// </summary>
    public string StateKey
    {
        get => field ?? Key;
        init;
    }

    /// <summary>Policies of a named backend, targeted ones included; less specific than those of the route and of its choice.</summary>
    public EquatableArray<PolicySnapshot> Policies { get; init; } = [];
}
