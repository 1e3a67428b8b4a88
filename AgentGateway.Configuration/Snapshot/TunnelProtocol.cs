namespace AgentGateway.Configuration.Snapshot;

/// <summary>What stands around the connections of a port (configuration key <c>tunnelProtocol</c>).</summary>
public enum TunnelProtocol
{
    /// <summary>Nothing.</summary>
    Direct,

    /// <summary>An HTTP CONNECT tunnel: only CONNECT is answered.</summary>
    Connect,

    /// <summary>A PROXY protocol header, version 1 or 2.</summary>
    Proxy,
}
