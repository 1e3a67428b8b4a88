using AgentGateway.Proxy.Backends.Transport;

namespace AgentGateway.Proxy.Backends;

/// <summary>A backend that keeps connections for each way in which routes call it.</summary>
internal interface ITransportOwner
{
    /// <summary>
    /// Called after a reload: closes the idle connections of ways that no route uses any more. Requests under way finish on theirs.
    /// </summary>
    void KeepOnly(IReadOnlySet<TransportOptions> inUse);
}
