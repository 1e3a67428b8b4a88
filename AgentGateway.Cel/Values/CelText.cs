using System.Globalization;
using System.Text;

namespace AgentGateway.Cel.Values;

internal static class CelText
{
    public static string Of(CelValue value) => value.Kind switch
    {
        CelKind.Absent => "",
        CelKind.Null => "null",
        CelKind.Bool => value.Bits != 0 ? "true" : "false",
        CelKind.Int => value.Bits.ToString(CultureInfo.InvariantCulture),
        CelKind.Uint => unchecked((ulong)value.Bits).ToString(CultureInfo.InvariantCulture),
        CelKind.Double => OfDouble(value.AsDouble()),
        CelKind.String => value.AsString(),
        CelKind.Bytes => Convert.ToBase64String(value.AsBytes().Span),
        CelKind.Timestamp => CelTime.FormatTimestamp(value),
        CelKind.Duration => CelTime.FormatDuration(value),
        CelKind.Type => ((CelType)value.Ref!).Name,
        CelKind.Opaque => value.AsOpaque().ToText(),
        CelKind.Optional => value.TryGetOptional(out var inner) ? inner.ToText() : "null",
        CelKind.Error => value.Error!.Message,
        _ => value.ToJson(),
    };

    /// <summary>The shortest text that reads back as the same double; whole numbers without a fraction, large and small ones with an exponent.</summary>
    public static string OfDouble(double value)
    {
        if (double.IsNaN(value))
            return "NaN";
        if (double.IsInfinity(value))
            return value > 0 ? "+Inf" : "-Inf";
        var text = value.ToString("R", CultureInfo.InvariantCulture);
        var e = text.IndexOf('E', StringComparison.Ordinal);
        if (e < 0)
            return text;

        // .NET writes 1E+21 and 1E-05; CEL, after Go, 1e+21 and 1e-05.
        return text.Replace('E', 'e');
    }

    public static bool TryUtf8(ReadOnlySpan<byte> bytes, out string text)
    {
        try
        {
            text = StrictUtf8.GetString(bytes);
            return true;
        }
        catch (ArgumentException)
        {
            text = "";
            return false;
        }
    }

    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);
}
