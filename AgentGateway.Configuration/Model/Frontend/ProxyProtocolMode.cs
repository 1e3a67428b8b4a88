namespace AgentGateway.Configuration.Model.Frontend;

/// <summary>Whether connections must start with a PROXY header.</summary>
internal enum ProxyProtocolMode
{
    /// <summary>They must.</summary>
    Strict,

    /// <summary>They may.</summary>
    Optional,
}
