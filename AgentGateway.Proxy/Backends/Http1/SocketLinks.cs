using System.Net;
using AgentGateway.Proxy.Backends.Transport;

namespace AgentGateway.Proxy.Backends.Http1;

/// <summary>Plain connections to an endpoint (TCP or Unix socket).</summary>
internal sealed class SocketLinks(EndPoint endpoint, TransportOptions options, IConnector connector) : ILinkSource
{
    public async ValueTask<UpstreamLink> ConnectAsync(CancellationToken cancellationToken) =>
        new SocketLink(await connector.ConnectAsync(endpoint, options, cancellationToken));
}
