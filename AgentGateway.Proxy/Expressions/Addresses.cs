using System.Net;
using AgentGateway.Cel;

namespace AgentGateway.Proxy.Expressions;

/// <summary>IP addresses as expressions see them.</summary>
internal static class Addresses
{
    /// <summary>The address as text, absent for a Unix socket. An IPv4 client of a dual-stack socket is shown by its IPv4 address.</summary>
    public static CelValue Of(IPAddress? address) =>
        address is null ? default : CelValue.FromString((address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address).ToString());
}
