using System.Globalization;

namespace AgentGateway.Proxy.Telemetry.Attributes;

/// <summary>Type of an attribute's value.</summary>
internal enum AttributeValueKind
{
    None,
    String,
    Int,
    Double,
    Bool,

    /// <summary>Whole milliseconds, shown as the string <c>12ms</c>.</summary>
    Milliseconds,

    /// <summary>A list or a map as JSON text.</summary>
    Json,
}

/// <summary>A typed value in two words: no number is boxed and no substring is cut out.</summary>
internal readonly struct AttributeValue
{
    private static readonly object IntMarker = new();
    private static readonly object DoubleMarker = new();
    private static readonly object BoolMarker = new();
    private static readonly object MillisecondsMarker = new();

    // As the bits of a string: it is the JSON text of a list or map, and no part of a longer one.
    private const long JsonBits = -2;

    private readonly object? _reference;
    private readonly long _bits;

    private AttributeValue(object? reference, long bits)
    {
        _reference = reference;
        _bits = bits;
    }

    public AttributeValueKind Kind => _reference switch
    {
        null => AttributeValueKind.None,
        string => _bits == JsonBits ? AttributeValueKind.Json : AttributeValueKind.String,
        _ when ReferenceEquals(_reference, IntMarker) => AttributeValueKind.Int,
        _ when ReferenceEquals(_reference, DoubleMarker) => AttributeValueKind.Double,
        _ when ReferenceEquals(_reference, BoolMarker) => AttributeValueKind.Bool,
        _ => AttributeValueKind.Milliseconds,
    };

    /// <summary>Characters of a string value.</summary>
    public ReadOnlySpan<char> Chars
    {
        get
        {
            var text = ((string?)_reference).AsSpan();
            return _bits < 0 ? text : text.Slice((int)(_bits >> 32), (int)(uint)_bits);
        }
    }

    /// <summary>Value of an integer, or the milliseconds.</summary>
    public long Integer => _bits;

    /// <summary>Value of a double.</summary>
    public double Double => BitConverter.Int64BitsToDouble(_bits);

    /// <summary>Value of a boolean.</summary>
    public bool Bool => _bits != 0;

    public static implicit operator AttributeValue(string? text) => new(text, -1);

    public static implicit operator AttributeValue(long number) => new(IntMarker, number);

    public static implicit operator AttributeValue(double number) => new(DoubleMarker, BitConverter.DoubleToInt64Bits(number));

    public static implicit operator AttributeValue(bool flag) => new(BoolMarker, flag ? 1 : 0);

    /// <summary>A part of a string, without copying it.</summary>
    public static AttributeValue Slice(string text, int start, int length) => new(text, ((long)start << 32) | (uint)length);

    /// <summary>A list or a map, as JSON text.</summary>
    public static AttributeValue Json(string text) => new(text, JsonBits);

    public static AttributeValue Milliseconds(long milliseconds) => new(MillisecondsMarker, milliseconds);

    public override string ToString() => Kind switch
    {
        AttributeValueKind.String or AttributeValueKind.Json => Chars.ToString(),
        AttributeValueKind.Int => _bits.ToString(CultureInfo.InvariantCulture),
        AttributeValueKind.Double => Double.ToString(CultureInfo.InvariantCulture),
        AttributeValueKind.Bool => Bool ? "true" : "false",
        AttributeValueKind.Milliseconds => string.Create(CultureInfo.InvariantCulture, $"{_bits}ms"),
        _ => "",
    };
}
