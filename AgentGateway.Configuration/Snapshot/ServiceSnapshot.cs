namespace AgentGateway.Configuration.Snapshot;

/// <summary>A service of the registry (configuration keys <c>services</c> and <c>workloads</c>).</summary>
public sealed record ServiceSnapshot
{
    /// <summary>Namespace.</summary>
    public required string Namespace { get; init; }

    /// <summary>Host name that routes refer to.</summary>
    public required string Hostname { get; init; }

    /// <summary>Port of the endpoints for each port of the service.</summary>
    public EquatableMap<int> Ports { get; init; } = EquatableMap<int>.Empty;

    /// <summary>Endpoints in use.</summary>
    public EquatableArray<ServiceEndpointSnapshot> Endpoints { get; init; } = [];
}

/// <summary>An endpoint of a service.</summary>
/// <param name="Name">Unique name.</param>
/// <param name="Host">IP address or host name.</param>
/// <param name="Ports">Its port for each port of the service.</param>
/// <param name="Weight">Relative weight.</param>
public sealed record ServiceEndpointSnapshot(string Name, string Host, EquatableMap<int> Ports, int Weight);
