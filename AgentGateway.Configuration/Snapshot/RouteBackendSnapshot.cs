using AgentGateway.Configuration.Snapshot.Policies;

namespace AgentGateway.Configuration.Snapshot;

/// <summary>One weighted choice of a route.</summary>
public sealed record RouteBackendSnapshot
{
    /// <summary>Relative weight, 1 by default; 0 is never chosen.</summary>
    public int Weight { get; init; } = 1;

    /// <summary>The backend itself; a reference to a named backend is already resolved.</summary>
    public required BackendSnapshot Backend { get; init; }

    /// <summary>Policies written at this choice: the most specific level of backend policies.</summary>
    public EquatableArray<PolicySnapshot> Policies { get; init; } = [];
}
