namespace AgentGateway.Configuration.Snapshot.Policies;

/// <summary>A service of the registry.</summary>
public sealed record ServiceReference
{

    /// <summary><c>namespace/host</c>.</summary>
    public required string Name { get; init; }

    /// <summary>Port of the service.</summary>
    public required int Port { get; init; }

}
