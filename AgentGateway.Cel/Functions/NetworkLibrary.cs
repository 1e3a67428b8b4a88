
namespace AgentGateway.Cel.Functions;

/// <summary>IP addresses and CIDR ranges.</summary>
internal static class NetworkLibrary
{
    private static readonly CelValue NotIp = ConversionLibrary.Bad("string is no IP address (zones and dotted IPv4-mapped IPv6 addresses are not allowed)");
    private static readonly CelValue NotCidr = ConversionLibrary.Bad("string is no CIDR range");

    public static CelType IpType { get; } = CelType.Opaque("net.IP");

    public static CelType CidrType { get; } = CelType.Opaque("net.CIDR");

    public static void Register(LibraryBuilder library)
    {
        library.Function("ip(string) -> ip", static (in CelCall call) => IpAddressValue.Parse(call[0].AsString()) is { } ip ? CelValue.FromOpaque(ip) : NotIp, "The IP address a string holds.");
        library.Function("ip(ip) -> ip", static (in CelCall call) => call[0], "The address itself.");
        library.Function("isIP(string) -> bool", static (in CelCall call) => CelValue.FromBool(IpAddressValue.Parse(call[0].AsString()) is not null), "Whether a string is an IP address.");
        library.Function("ip.isCanonical(string) -> bool", static (in CelCall call) =>
            IpAddressValue.Parse(call[0].AsString()) is { } ip ? CelValue.FromBool(ip.ToText() == call[0].AsString()) : NotIp, "Whether an address is written in its canonical form.");
        library.Function("cidr(string) -> cidr", static (in CelCall call) => CidrValue.Parse(call[0].AsString()) is { } cidr ? CelValue.FromOpaque(cidr) : NotCidr, "The CIDR range a string holds.");
        library.Function("cidr(cidr) -> cidr", static (in CelCall call) => call[0], "The range itself.");
        library.Function("isCIDR(string) -> bool", static (in CelCall call) => CelValue.FromBool(CidrValue.Parse(call[0].AsString()) is not null), "Whether a string is a CIDR range.");
        library.Function("string(ip) -> string", static (in CelCall call) => CelValue.FromString(call[0].AsOpaque().ToText()), "The address in its canonical form.");
        library.Function("string(cidr) -> string", static (in CelCall call) => CelValue.FromString(call[0].AsOpaque().ToText()), "The range as text.");
        library.Method("ip.family() -> int", static (in CelCall call) => CelValue.FromInt(Ip(call[0]).IsV6 ? 6 : 4), "4 or 6.");
        library.Method("ip.isUnspecified() -> bool", static (in CelCall call) => CelValue.FromBool(Ip(call[0]).IsUnspecified), "Whether it is 0.0.0.0 or ::.");
        library.Method("ip.isLoopback() -> bool", static (in CelCall call) => CelValue.FromBool(Ip(call[0]).IsLoopback), "Whether it is a loopback address.");
        library.Method("ip.isLinkLocalMulticast() -> bool", static (in CelCall call) => CelValue.FromBool(Ip(call[0]).IsLinkLocalMulticast), "Whether it is a link-local multicast address.");
        library.Method("ip.isLinkLocalUnicast() -> bool", static (in CelCall call) => CelValue.FromBool(Ip(call[0]).IsLinkLocalUnicast), "Whether it is a link-local unicast address.");
        library.Method("ip.isGlobalUnicast() -> bool", static (in CelCall call) => CelValue.FromBool(Ip(call[0]).IsGlobalUnicast), "Whether it is a global unicast address; private IPv4 addresses count.");
        library.Method("cidr.containsIP(ip) -> bool", static (in CelCall call) => CelValue.FromBool(Cidr(call[0]).Contains(Ip(call[1]))), "Whether the range has the address.");
        library.Method("cidr.containsIP(string) -> bool", static (in CelCall call) => IpAddressValue.Parse(call[1].AsString()) is { } ip ? CelValue.FromBool(Cidr(call[0]).Contains(ip)) : NotIp, "Whether the range has the address.");
        library.Method("cidr.containsCIDR(cidr) -> bool", static (in CelCall call) => CelValue.FromBool(Cidr(call[0]).Contains(Cidr(call[1]))), "Whether the range has the other one.");
        library.Method("cidr.containsCIDR(string) -> bool", static (in CelCall call) => CidrValue.Parse(call[1].AsString()) is { } cidr ? CelValue.FromBool(Cidr(call[0]).Contains(cidr)) : NotCidr, "Whether the range has the other one.");
        library.Method("cidr.ip() -> ip", static (in CelCall call) => CelValue.FromOpaque(Cidr(call[0]).Address), "The address of the range as written.");
        library.Method("cidr.isMask() -> bool", static (in CelCall call) => CelValue.FromBool(Cidr(call[0]).Masked.Address.Bits == Cidr(call[0]).Address.Bits), "Whether the range is written without host bits.");
        library.Method("cidr.masked() -> cidr", static (in CelCall call) => CelValue.FromOpaque(Cidr(call[0]).Masked), "The range without host bits.");
        library.Method("cidr.prefixLength() -> int", static (in CelCall call) => CelValue.FromInt(Cidr(call[0]).Prefix), "The prefix length.");
    }

    private static IpAddressValue Ip(CelValue value) => (IpAddressValue)value.AsOpaque();

    private static CidrValue Cidr(CelValue value) => (CidrValue)value.AsOpaque();
}
