namespace AgentGateway.Configuration.Snapshot;

/// <summary>Where a request is sent. Closed hierarchy: one sealed record for each kind.</summary>
public abstract record BackendSnapshot
{
    /// <summary>Runtime key: <c>&lt;routeKey&gt;/backend&lt;index&gt;</c> for an inline backend, <c>/name</c> for a named one.</summary>
    public required string Key { get; init; }
}
