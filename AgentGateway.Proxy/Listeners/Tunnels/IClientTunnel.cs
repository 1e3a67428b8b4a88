namespace AgentGateway.Proxy.Listeners.Tunnels;

/// <summary>A CONNECT request that may become a tunnel: a feature of such requests.</summary>
internal interface IClientTunnel
{
    /// <summary>Tells the client that the tunnel is open, and gives its side of it.</summary>
    ValueTask<Stream> AcceptAsync();
}
