using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;

namespace AgentGateway.McpFetch.Network;

/// <summary>
/// Says which addresses are public, so that a caller cannot reach the host's own network through the tool (server-side request forgery).
/// Source: the IANA special-purpose address registries for IPv4 and IPv6. IPv6 is refused by default outside global unicast
/// (2000::/3); forms that carry an IPv4 address are judged by that address too.
/// </summary>
internal static class AddressPolicy
{
    private static readonly (uint Network, int Bits)[] SpecialV4 =
    [
        (0x00000000, 8),  // 0.0.0.0/8 this network
        (0x0A000000, 8),  // 10.0.0.0/8 private
        (0x64400000, 10), // 100.64.0.0/10 carrier-grade NAT
        (0x7F000000, 8),  // 127.0.0.0/8 loopback
        (0xA9FE0000, 16), // 169.254.0.0/16 link local, cloud metadata
        (0xAC100000, 12), // 172.16.0.0/12 private
        (0xC0000000, 24), // 192.0.0.0/24 protocol assignments
        (0xC0000200, 24), // 192.0.2.0/24 documentation
        (0xC0586300, 24), // 192.88.99.0/24 6to4 relays
        (0xC0A80000, 16), // 192.168.0.0/16 private
        (0xC6120000, 15), // 198.18.0.0/15 benchmarking
        (0xC6336400, 24), // 198.51.100.0/24 documentation
        (0xCB007100, 24), // 203.0.113.0/24 documentation
        (0xE0000000, 4),  // 224.0.0.0/4 multicast
        (0xF0000000, 4),  // 240.0.0.0/4 reserved, broadcast
    ];

    /// <summary>True when <paramref name="address"/> is globally reachable unicast.</summary>
    internal static bool IsPublic(IPAddress address)
    {
        Span<byte> bytes = stackalloc byte[16];
        address.TryWriteBytes(bytes, out var length);
        return address.AddressFamily switch
        {
            AddressFamily.InterNetwork => IsPublicV4(bytes[..length]),
            AddressFamily.InterNetworkV6 => IsPublicV6(bytes),
            _ => false,
        };
    }

    private static bool IsPublicV4(ReadOnlySpan<byte> a)
    {
        var value = BinaryPrimitives.ReadUInt32BigEndian(a);
        foreach (var (network, bits) in SpecialV4)
        {
            if (value >> (32 - bits) == network >> (32 - bits))
                return false;
        }

        return true;
    }

    private static bool IsPublicV6(ReadOnlySpan<byte> a)
    {
        var high = BinaryPrimitives.ReadUInt64BigEndian(a);
        var low = BinaryPrimitives.ReadUInt64BigEndian(a[8..]);

        if (high == 0 && low >> 32 == 0xFFFF)
            return IsPublicV4(a[12..]); // ::ffff:0:0/96, IPv4-mapped
        if (high == 0x0064_FF9B_0000_0000 && low >> 32 == 0)
            return IsPublicV4(a[12..]); // 64:ff9b::/96, NAT64 well-known prefix
        if (high >> 61 != 0b001)
            return false; // not 2000::/3: loopback, unspecified, IPv4-compatible, unique local, link and site local, multicast, discard, local NAT64

        if (high >> 48 == 0x2002)
            return IsPublicV4(a[2..6]); // 6to4
        if (high >> 41 == 0x2001_0000UL >> 9)
            return false; // 2001::/23: Teredo, benchmarking, ORCHID
        if (high >> 32 == 0x2001_0DB8 || high >> 44 == 0x3FFF_0)
            return false; // documentation
        if ((low >> 32 | 0x0200_0000) == 0x0200_5EFE)
            return IsPublicV4(a[12..]); // ISATAP interface identifier
        return true;
    }
}
