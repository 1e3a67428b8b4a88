using System.Buffers.Binary;
using System.Globalization;

namespace AgentGateway.Proxy.Telemetry.Tracing;

/// <summary>A W3C span id (parent id) as an integer.</summary>
internal readonly record struct SpanId(ulong Value)
{
    public const int HexLength = 16;

    /// <summary>True for the all-zero id, which W3C forbids.</summary>
    public bool IsEmpty => Value == 0;

    /// <summary>Makes a random id; never the empty one.</summary>
    public static SpanId Random(Random random)
    {
        Span<byte> bytes = stackalloc byte[8];
        SpanId id;
        do
        {
            random.NextBytes(bytes);
            id = Read(bytes);
        }
        while (id.IsEmpty);
        return id;
    }

    /// <summary>Reads the 8 bytes of the wire form.</summary>
    public static SpanId Read(ReadOnlySpan<byte> bytes) => new(BinaryPrimitives.ReadUInt64BigEndian(bytes));

    /// <summary>Reads 16 hexadecimal digits.</summary>
    public static bool TryParse(ReadOnlySpan<char> hex, out SpanId id)
    {
        id = default;
        if (hex.Length != HexLength || !Hex.TryParse(hex, out var value))
        {
            return false;
        }

        id = new SpanId(value);
        return true;
    }

    /// <summary>Writes the 8 bytes of the wire form.</summary>
    public void Write(Span<byte> destination) => BinaryPrimitives.WriteUInt64BigEndian(destination, Value);

    /// <summary>Writes 16 lower-case digits.</summary>
    public void Format(Span<char> destination) => Hex.Format(Value, destination);

    public override string ToString() => Value.ToString("x16", CultureInfo.InvariantCulture);
}
