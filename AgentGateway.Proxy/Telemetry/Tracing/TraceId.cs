using System.Buffers.Binary;
using System.Globalization;

namespace AgentGateway.Proxy.Telemetry.Tracing;

/// <summary>A W3C trace id as two integers: no text is made until a header, a log line or a page needs it.</summary>
internal readonly record struct TraceId(ulong High, ulong Low)
{
    public const int HexLength = 32;

    /// <summary>True for the all-zero id, which W3C forbids.</summary>
    public bool IsEmpty => (High | Low) == 0;

    /// <summary>Makes a random id; never the empty one.</summary>
    public static TraceId Random(Random random)
    {
        Span<byte> bytes = stackalloc byte[16];
        TraceId id;
        do
        {
            random.NextBytes(bytes);
            id = Read(bytes);
        }
        while (id.IsEmpty);
        return id;
    }

    /// <summary>Reads the 16 bytes of the wire form.</summary>
    public static TraceId Read(ReadOnlySpan<byte> bytes) =>
        new(BinaryPrimitives.ReadUInt64BigEndian(bytes), BinaryPrimitives.ReadUInt64BigEndian(bytes[8..]));

    /// <summary>Reads 32 hexadecimal digits.</summary>
    public static bool TryParse(ReadOnlySpan<char> hex, out TraceId id)
    {
        id = default;
        if (hex.Length != HexLength || !Hex.TryParse(hex[..16], out var high) || !Hex.TryParse(hex[16..], out var low))
        {
            return false;
        }

        id = new TraceId(high, low);
        return true;
    }

    /// <summary>Writes the 16 bytes of the wire form.</summary>
    public void Write(Span<byte> destination)
    {
        BinaryPrimitives.WriteUInt64BigEndian(destination, High);
        BinaryPrimitives.WriteUInt64BigEndian(destination[8..], Low);
    }

    /// <summary>Writes 32 lower-case digits.</summary>
    public void Format(Span<char> destination)
    {
        Hex.Format(High, destination[..16]);
        Hex.Format(Low, destination[16..]);
    }

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{High:x16}{Low:x16}");
}
