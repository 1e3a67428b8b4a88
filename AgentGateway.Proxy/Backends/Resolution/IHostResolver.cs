using System.Net;

namespace AgentGateway.Proxy.Backends.Resolution;

/// <summary>Finds the addresses of a host name; the seam to DNS.</summary>
internal interface IHostResolver
{
    /// <exception cref="System.Net.Sockets.SocketException">The name cannot be resolved.</exception>
    ValueTask<IPAddress[]> ResolveAsync(string host, CancellationToken cancellationToken);
}
