namespace AgentGateway.Configuration.Snapshot;

/// <summary>A plain HTTP upstream (configuration key <c>host</c>).</summary>
public sealed record HostBackendSnapshot : BackendSnapshot
{
    /// <summary>Address of the upstream.</summary>
    public required TargetAddress Target { get; init; }
}
