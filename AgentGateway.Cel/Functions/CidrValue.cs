using System.Globalization;

namespace AgentGateway.Cel.Functions;

/// <summary>An address with a prefix length; the host bits are kept.</summary>
internal sealed class CidrValue(IpAddressValue address, int prefix) : CelOpaque
{
    public IpAddressValue Address => address;

    public int Prefix => prefix;

    public override CelType Type => NetworkLibrary.CidrType;

    public CidrValue Masked => new(new IpAddressValue(Mask(address.Bits), address.IsV6), prefix);

    public bool Contains(IpAddressValue ip) => ip.IsV6 == address.IsV6 && Mask(ip.Bits) == Mask(address.Bits);

    public bool Contains(CidrValue other) => other.Prefix >= prefix && Contains(other.Address);

    public override bool EqualTo(CelOpaque other) => other is CidrValue cidr && cidr.Prefix == prefix && cidr.Address.EqualTo(address);

    public override string ToText() => string.Create(CultureInfo.InvariantCulture, $"{address.ToText()}/{prefix}");

    public static CidrValue? Parse(string text)
    {
        var slash = text.IndexOf('/', StringComparison.Ordinal);
        if (slash < 0 || IpAddressValue.Parse(text.AsSpan(0, slash)) is not { } address)
            return null;
        var digits = text.AsSpan(slash + 1);
        if (digits.Length is 0 or > 3 || (digits.Length > 1 && digits[0] == '0') || !int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var prefix) || prefix > address.Width)
            return null;
        return new CidrValue(address, prefix);
    }

    private UInt128 Mask(UInt128 bits)
    {
        var host = address.Width - prefix;
        return host >= 128 ? 0 : bits >> host << host;
    }
}
