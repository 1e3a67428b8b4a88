namespace AgentGateway.Proxy.Telemetry.Tracing;

/// <summary>Fixed-width hexadecimal text of 64-bit numbers.</summary>
internal static class Hex
{
    /// <summary>Reads up to 16 digits of either case; false for anything that is no digit.</summary>
    public static bool TryParse(ReadOnlySpan<char> hex, out ulong value)
    {
        value = 0;
        foreach (var c in hex)
        {
            var digit = HexDigit(c);
            if (digit < 0)
            {
                return false;
            }

            value = (value << 4) | (uint)digit;
        }

        return true;
    }

    /// <summary>Fills the destination with lower-case digits of the low-order bits.</summary>
    public static void Format(ulong value, Span<char> destination)
    {
        for (var i = destination.Length - 1; i >= 0; i--)
        {
            destination[i] = "0123456789abcdef"[(int)(value & 0xf)];
            value >>= 4;
        }
    }

    private static int HexDigit(char c) => c switch
    {
        >= '0' and <= '9' => c - '0',
        >= 'a' and <= 'f' => c - 'a' + 10,
        >= 'A' and <= 'F' => c - 'A' + 10,
        _ => -1,
    };
}
