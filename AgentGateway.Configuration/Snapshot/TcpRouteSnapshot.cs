namespace AgentGateway.Configuration.Snapshot;

/// <summary>A route of a TCP or TLS listener: bytes are forwarded unread.</summary>
public sealed record TcpRouteSnapshot
{
    /// <summary>Runtime key: <c>&lt;listenerKey&gt;/&lt;namespace&gt;/&lt;route&gt;</c>.</summary>
    public required string Key { get; init; }

    /// <summary>Name as <c>namespace/name</c>.</summary>
    public required string Name { get; init; }

    /// <summary>Server names (SNI): exact names or <c>*.suffix</c>; empty means any connection.</summary>
    public EquatableArray<string> Hostnames { get; init; } = [];

    /// <summary>Weighted backends: hosts, named backends, dynamic backends.</summary>
    public EquatableArray<RouteBackendSnapshot> Backends { get; init; } = [];
}
