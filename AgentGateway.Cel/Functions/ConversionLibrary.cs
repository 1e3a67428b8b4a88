using System.Globalization;
using System.Text;
using AgentGateway.Cel.Evaluation;
using AgentGateway.Cel.Values;

namespace AgentGateway.Cel.Functions;

/// <summary>int(), uint(), double(), string(), bytes(), bool().</summary>
internal static class ConversionLibrary
{
    private static readonly CelValue NotInt = Bad("string is no integer");
    private static readonly CelValue NotUint = Bad("string is no unsigned integer");
    private static readonly CelValue NotDouble = Bad("string is no number");
    private static readonly CelValue NotBool = Bad("string is no bool");
    private static readonly CelValue NotUtf8 = Bad("bytes are no UTF-8 text");

    public static void Register(LibraryBuilder library)
    {
        library.Function("int(int) -> int", Same, "The value as int.");
        library.Function("int(uint) -> int", static (in CelCall call) => call[0].Bits < 0 ? EvalErrors.RangeOverflow : CelValue.FromInt(call[0].Bits), "The value as int.");
        library.Function("int(double) -> int", IntOfDouble, "The number without its fraction.");
        library.Function("int(string) -> int", static (in CelCall call) =>
            long.TryParse(call[0].AsString(), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value) ? CelValue.FromInt(value) : NotInt, "The number a string holds.");
        library.Function("int(timestamp) -> int", static (in CelCall call) => CelValue.FromInt(call[0].Bits), "Seconds since 1970.");
        library.Function("int(duration) -> int", static (in CelCall call) => CelValue.FromInt((long)(CelTime.Nanos(call[0]) / 1_000_000_000)), "Whole seconds.");
        library.Function("uint(uint) -> uint", Same, "The value as uint.");
        library.Function("uint(int) -> uint", static (in CelCall call) => call[0].Bits < 0 ? EvalErrors.RangeOverflow : CelValue.FromUint((ulong)call[0].Bits), "The value as uint.");
        library.Function("uint(double) -> uint", UintOfDouble, "The number without its fraction.");
        library.Function("uint(string) -> uint", static (in CelCall call) =>
            ulong.TryParse(call[0].AsString(), NumberStyles.None, CultureInfo.InvariantCulture, out var value) ? CelValue.FromUint(value) : NotUint, "The number a string holds.");
        library.Function("double(double) -> double", Same, "The value as double.");
        library.Function("double(int) -> double", static (in CelCall call) => CelValue.FromDouble(call[0].Bits), "The value as double.");
        library.Function("double(uint) -> double", static (in CelCall call) => CelValue.FromDouble(call[0].AsUint()), "The value as double.");
        library.Function("double(string) -> double", static (in CelCall call) => TryParseDouble(call[0].AsString(), out var value) ? CelValue.FromDouble(value) : NotDouble, "The number a string holds.");
        library.Function("bool(bool) -> bool", Same, "The value as bool.");
        library.Function("bool(string) -> bool", static (in CelCall call) => call[0].AsString() switch
        {
            "true" or "TRUE" or "True" or "t" or "T" or "1" => CelValue.True,
            "false" or "FALSE" or "False" or "f" or "F" or "0" => CelValue.False,
            _ => NotBool,
        }, "The truth value a string holds.");
        library.Function("string(string) -> string", Same, "The value as text.");
        foreach (var type in (string[])["int", "uint", "double", "bool", "timestamp", "duration"])
            library.Function($"string({type}) -> string", static (in CelCall call) => CelValue.FromString(CelText.Of(call[0])), "The value as text.");
        library.Function("string(bytes) -> string", StringOfBytes, "The bytes as UTF-8 text.");
        library.Function("string(redacted) -> string", static (in CelCall call) => CelValue.FromString(call[0].AsOpaque().ToText()), "The mask of a secret.");
        library.Function("bytes(bytes) -> bytes", Same, "The value as bytes.");
        library.Function("bytes(string) -> bytes", BytesOfString, "The text in UTF-8.");
        library.Function("timestamp(timestamp) -> timestamp", Same, "The value as timestamp.");
        library.Function("timestamp(string) -> timestamp", static (in CelCall call) => CelTime.TryParseTimestamp(call[0].AsString(), out var value) ? value : Bad("string is no RFC 3339 timestamp"), "The RFC 3339 time a string holds.");
        library.Function("timestamp(int) -> timestamp", static (in CelCall call) => CelTime.Timestamp(call[0].Bits, 0), "The time so many seconds after 1970.");
        library.Function("duration(duration) -> duration", Same, "The value as duration.");
        library.Function("duration(string) -> duration", static (in CelCall call) => CelTime.TryParseDuration(call[0].AsString(), out var value) ? value : Bad("string is no duration"), "The duration a string holds, such as `1h30m` or `1.5s`.");
        library.Function("duration(int) -> duration", static (in CelCall call) => CelTime.DurationFromNanos((Int128)call[0].Bits * 1_000_000_000), "A duration of so many seconds.");
    }

    public static CelValue Bad(string message) => CelValue.FromError(CelErrorCode.InvalidArgument, message);

    public static bool TryParseDouble(string text, out double value)
    {
        switch (text)
        {
            case "NaN" or "nan":
                value = double.NaN;
                return true;
            case "Infinity" or "+Infinity" or "Inf" or "+Inf" or "inf" or "+inf" or "infinity" or "+infinity":
                value = double.PositiveInfinity;
                return true;
            case "-Infinity" or "-Inf" or "-inf" or "-infinity":
                value = double.NegativeInfinity;
                return true;
            default:
                return double.TryParse(text, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent, CultureInfo.InvariantCulture, out value) && double.IsFinite(value);
        }
    }

    private static CelValue Same(in CelCall call) => call[0];

    private static CelValue IntOfDouble(in CelCall call)
    {
        var value = call[0].AsDouble();
        return value > -9223372036854775808.0 && value < 9223372036854775808.0 ? CelValue.FromInt((long)value) : EvalErrors.RangeOverflow;
    }

    private static CelValue UintOfDouble(in CelCall call)
    {
        var value = call[0].AsDouble();
        return value >= 0 && value < 18446744073709551616.0 ? CelValue.FromUint((ulong)value) : EvalErrors.RangeOverflow;
    }

    private static CelValue StringOfBytes(in CelCall call)
    {
        var bytes = call[0].AsBytes();
        if (!call.TryReserve(bytes.Length, 2))
            return EvalErrors.SizeLimit;
        return CelText.TryUtf8(bytes.Span, out var text) ? CelValue.FromString(text) : NotUtf8;
    }

    private static CelValue BytesOfString(in CelCall call)
    {
        var text = call[0].AsString();
        return call.TryReserve(text.Length, 2) ? CelValue.FromBytes(Encoding.UTF8.GetBytes(text)) : EvalErrors.SizeLimit;
    }
}
