namespace AgentGateway.Proxy.Hosting;

/// <summary>The one mutable reference of the data plane: the runtime that new requests see.</summary>
internal sealed class GatewayState(GatewayRuntime initial)
{
    private volatile GatewayRuntime _current = initial;

    public GatewayRuntime Current => _current;

    public void Swap(GatewayRuntime next) => _current = next;
}
