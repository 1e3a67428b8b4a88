using AgentGateway.Proxy.Backends.Transport;

namespace AgentGateway.Proxy.Backends.Http1;

/// <summary>Makes the connections of an HTTP/1.1 client.</summary>
internal interface ILinkSource
{
    /// <exception cref="UpstreamException">No connection.</exception>
    /// <exception cref="OtherProtocolException">The upstream chose another protocol.</exception>
    ValueTask<UpstreamLink> ConnectAsync(CancellationToken cancellationToken);
}
