namespace AgentGateway.Configuration.Snapshot;

/// <summary>One TCP port and the listeners that share it.</summary>
public sealed record BindSnapshot
{
    /// <summary>Runtime key: <c>bind/&lt;port&gt;</c>.</summary>
    public required string Key { get; init; }

    /// <summary>TCP port, 1 to 65535; 0 asks the operating system for a free one (used by tests).</summary>
    public required int Port { get; init; }

    /// <summary>Listeners of this port.</summary>
    public EquatableArray<ListenerSnapshot> Listeners { get; init; } = [];

    /// <summary>What stands around the connections of this port.</summary>
    public TunnelProtocol TunnelProtocol { get; init; }

    /// <summary>True for a bind without a socket, which is reached only through CONNECT (<c>mode: internal</c>).</summary>
    public bool Internal { get; init; }
}
