using System.Net;

namespace AgentGateway.Proxy.Backends.Resolution;

/// <summary>The operating system's resolver, hosts file included.</summary>
internal sealed class SystemHostResolver : IHostResolver
{
    public async ValueTask<IPAddress[]> ResolveAsync(string host, CancellationToken cancellationToken) => await Dns.GetHostAddressesAsync(host, cancellationToken);
}
