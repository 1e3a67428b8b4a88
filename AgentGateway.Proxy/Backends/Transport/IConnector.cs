using System.Net;
using System.Net.Sockets;

namespace AgentGateway.Proxy.Backends.Transport;

/// <summary>Makes connections; the seam to the network.</summary>
internal interface IConnector
{
    /// <exception cref="UpstreamException">Refused, unreachable, or not made within <see cref="TransportOptions.ConnectTimeout"/>.</exception>
    ValueTask<Socket> ConnectAsync(EndPoint endpoint, TransportOptions options, CancellationToken cancellationToken);
}
