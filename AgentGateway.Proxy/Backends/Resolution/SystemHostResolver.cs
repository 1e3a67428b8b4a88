using System.Net;
using System.Net.Sockets;
using AgentGateway.Configuration.Snapshot.Static;

namespace AgentGateway.Proxy.Backends.Resolution;

/// <summary>The operating system's resolver, hosts file included, with the address families of <c>config.dns.lookupFamily</c>.</summary>
internal sealed class SystemHostResolver(DnsLookupFamily family = DnsLookupFamily.Auto) : IHostResolver
{
    public async ValueTask<IPAddress[]> ResolveAsync(string host, CancellationToken cancellationToken)
    {
        var wanted = family switch
        {
            DnsLookupFamily.V4Only => AddressFamily.InterNetwork,
            DnsLookupFamily.V6Only => AddressFamily.InterNetworkV6,
            _ => AddressFamily.Unspecified,
        };
        return Order(await Dns.GetHostAddressesAsync(host, wanted, cancellationToken), family);
    }

    /// <summary>Puts IPv4 first where that is preferred; otherwise the system's order stands.</summary>
    internal static IPAddress[] Order(IPAddress[] addresses, DnsLookupFamily family)
    {
        if (family == DnsLookupFamily.V4Preferred)
        {
            var v4 = Array.FindAll(addresses, static address => address.AddressFamily == AddressFamily.InterNetwork);
            var others = Array.FindAll(addresses, static address => address.AddressFamily != AddressFamily.InterNetwork);
            return [.. v4, .. others];
        }

        return addresses;
    }
}
