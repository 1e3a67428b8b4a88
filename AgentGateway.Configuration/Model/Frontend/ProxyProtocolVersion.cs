namespace AgentGateway.Configuration.Model.Frontend;

/// <summary>PROXY protocol version that is accepted.</summary>
internal enum ProxyProtocolVersion
{
    /// <summary>Version 2.</summary>
    V2,

    /// <summary>Version 1.</summary>
    V1,

    /// <summary>Both.</summary>
    All,
}
