namespace AgentGateway.Proxy.Backends.Transport;

/// <summary>A duplex stream whose sending side can be ended while the other goes on.</summary>
internal interface IHalfClosable
{
    void CompleteWrites();
}
