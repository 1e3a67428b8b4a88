using System.Globalization;
using System.Text;

namespace AgentGateway.Cel.Functions;

/// <summary>An IP address. IPv4 addresses mapped into IPv6 are IPv4 addresses.</summary>
internal sealed class IpAddressValue : CelOpaque
{
    private static readonly UInt128 MappedPrefix = new(0, 0x0000_FFFF_0000_0000);

    public IpAddressValue(UInt128 bits, bool isV6)
    {
        if (isV6 && bits >> 32 == MappedPrefix >> 32)
        {
            isV6 = false;
            bits &= uint.MaxValue;
        }

        Bits = bits;
        IsV6 = isV6;
    }

    public UInt128 Bits { get; }

    public bool IsV6 { get; }

    public int Width => IsV6 ? 128 : 32;

    public override CelType Type => NetworkLibrary.IpType;

    public bool IsUnspecified => Bits == 0;

    public bool IsLoopback => IsV6 ? Bits == 1 : Bits >> 24 == 127;

    public bool IsMulticast => IsV6 ? Bits >> 120 == 0xFF : Bits >> 28 == 0xE;

    public bool IsLinkLocalMulticast => IsV6 ? Bits >> 120 == 0xFF && ((Bits >> 112) & 0x0F) == 2 : Bits >> 8 == 0xE00000;

    public bool IsLinkLocalUnicast => IsV6 ? Bits >> 118 == 0xFE80 >> 6 : Bits >> 16 == 0xA9FE;

    public bool IsGlobalUnicast => !IsUnspecified && !IsLoopback && !IsMulticast && !IsLinkLocalUnicast && (IsV6 || Bits != uint.MaxValue);

    public override bool EqualTo(CelOpaque other) => other is IpAddressValue ip && ip.IsV6 == IsV6 && ip.Bits == Bits;

    /// <summary>Dotted decimal, or the canonical form of RFC 5952.</summary>
    public override string ToText()
    {
        if (!IsV6)
            return string.Create(CultureInfo.InvariantCulture, $"{(byte)(Bits >> 24)}.{(byte)(Bits >> 16)}.{(byte)(Bits >> 8)}.{(byte)Bits}");
        Span<ushort> groups = stackalloc ushort[8];
        for (var i = 0; i < 8; i++)
            groups[i] = (ushort)(Bits >> ((7 - i) * 16));
        int start = -1, length = 1;
        for (var i = 0; i < 8; i++)
        {
            var run = 0;
            while (i + run < 8 && groups[i + run] == 0)
                run++;
            if (run > length)
                (start, length) = (i, run);
            i += run;
        }

        var text = new StringBuilder(39);
        for (var i = 0; i < 8; i++)
        {
            if (i == start)
            {
                text.Append("::");
                i += length - 1;
                continue;
            }

            if (text.Length > 0 && text[^1] != ':')
                text.Append(':');
            text.Append(groups[i].ToString("x", CultureInfo.InvariantCulture));
        }

        return text.ToString();
    }

    /// <summary>Parses an address without zone and without dotted IPv4-mapped form; null when it is none.</summary>
    public static IpAddressValue? Parse(ReadOnlySpan<char> text)
    {
        if (!text.Contains(':'))
            return TryParseV4(text, out var v4) ? new IpAddressValue(v4, false) : null;
        Span<ushort> groups = stackalloc ushort[8];
        var count = 0;
        var gap = -1;
        if (text.StartsWith("::"))
        {
            gap = 0;
            text = text[2..];
        }

        while (!text.IsEmpty)
        {
            if (count == 8)
                return null;
            var colon = text.IndexOf(':');
            var part = colon < 0 ? text : text[..colon];
            if (colon < 0 && part.Contains('.'))
            {
                if (count > 6 || !TryParseV4(part, out var embedded))
                    return null;
                groups[count++] = (ushort)(embedded >> 16);
                groups[count++] = (ushort)embedded;
                return Assemble(groups, count, gap) is { IsV6: true } ip ? ip : null;
            }

            if (part.Length is 0 or > 4 || !ushort.TryParse(part, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out groups[count]))
                return null;
            count++;
            if (colon < 0)
                break;
            text = text[(colon + 1)..];
            if (text.IsEmpty)
                return null;
            if (text[0] == ':')
            {
                if (gap >= 0)
                    return null;
                gap = count;
                text = text[1..];
            }
        }

        return Assemble(groups, count, gap);
    }

    private static IpAddressValue? Assemble(ReadOnlySpan<ushort> groups, int count, int gap)
    {
        if (gap < 0 ? count != 8 : count > 7)
            return null;
        UInt128 bits = 0;
        for (var i = 0; i < 8; i++)
        {
            var missing = 8 - count;
            var group = gap < 0 || i < gap ? groups[i] : i < gap + missing ? (ushort)0 : groups[i - missing];
            bits = (bits << 16) | group;
        }

        return new IpAddressValue(bits, true);
    }

    private static bool TryParseV4(ReadOnlySpan<char> text, out uint bits)
    {
        bits = 0;
        for (var i = 0; i < 4; i++)
        {
            var dot = text.IndexOf('.');
            var part = i == 3 ? text : dot < 0 ? default : text[..dot];
            if (part.Length is 0 or > 3 || (part.Length > 1 && part[0] == '0') || !byte.TryParse(part, NumberStyles.None, CultureInfo.InvariantCulture, out var octet))
                return false;
            bits = (bits << 8) | octet;
            if (i < 3)
                text = text[(dot + 1)..];
        }

        return true;
    }
}
