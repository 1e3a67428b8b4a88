using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace AgentGateway.Cel.Values;

internal static class CelJsonWriter
{
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };
    private static readonly CelError TooLong = new(CelErrorCode.SizeLimit, "JSON text over the size limit");
    private static readonly CelError TooDeep = new(CelErrorCode.DepthLimit, "value nested too deep for JSON");
    private static readonly CelError Marker = new(CelErrorCode.MisplacedFlatten, "the result of flatten() has no JSON form; it can only be a whole field value");

    public static string Quote(string text) => "\"" + JavaScriptEncoder.UnsafeRelaxedJsonEscaping.Encode(text) + "\"";

    public static bool TryWrite(CelValue value, int maxBytes, [NotNullWhen(true)] out string? json, [NotNullWhen(false)] out CelError? error)
    {
        var work = long.MaxValue;
        return TryWrite(value, maxBytes, ref work, out json, out error);
    }

    /// <summary>The same within the budget of an evaluation: every value that is written counts.</summary>
    public static bool TryWrite(CelValue value, int maxBytes, ref long work, [NotNullWhen(true)] out string? json, [NotNullWhen(false)] out CelError? error)
    {
        var buffer = new ArrayBufferWriter<byte>(256);
        using var writer = new Utf8JsonWriter(buffer, Options);
        error = Write(value, writer, maxBytes, 0, ref work);
        if (error is not null)
        {
            json = null;
            return false;
        }

        writer.Flush();
        json = Encoding.UTF8.GetString(buffer.WrittenSpan);
        return true;
    }

    public static bool TryWrite(CelValue value, Utf8JsonWriter writer, int maxBytes, [NotNullWhen(false)] out CelError? error)
    {
        var work = long.MaxValue;
        error = Write(value, writer, writer.BytesPending + writer.BytesCommitted + maxBytes, 0, ref work);
        return error is null;
    }

    private static CelError? Write(CelValue value, Utf8JsonWriter writer, long end, int depth, ref long work)
    {
        if (--work < 0)
            return Evaluation.EvalErrors.WorkLimit.Error;
        if (depth > CelLimits.MaxValueDepth)
            return TooDeep;
        switch (value.Kind)
        {
            case CelKind.Absent or CelKind.Null:
                writer.WriteNullValue();
                break;
            case CelKind.Bool:
                writer.WriteBooleanValue(value.Bits != 0);
                break;
            case CelKind.Int:
                writer.WriteNumberValue(value.Bits);
                break;
            case CelKind.Uint:
                writer.WriteNumberValue(unchecked((ulong)value.Bits));
                break;
            case CelKind.Double:
                WriteDouble(value.AsDouble(), writer);
                break;
            case CelKind.String:
                var text = value.AsString();
                if (writer.BytesPending + writer.BytesCommitted + text.Length > end)
                    return TooLong;
                writer.WriteStringValue(text);
                break;
            case CelKind.Bytes:
                var bytes = value.AsBytes();
                if (writer.BytesPending + writer.BytesCommitted + bytes.Length > end)
                    return TooLong;
                writer.WriteBase64StringValue(bytes.Span);
                break;
            case CelKind.List:
                writer.WriteStartArray();
                foreach (var item in value.AsList())
                {
                    if (Write(item, writer, end, depth + 1, ref work) is { } error)
                        return error;
                }

                writer.WriteEndArray();
                break;
            case CelKind.Map:
                writer.WriteStartObject();
                var entries = value.AsMap().GetEnumerator();
                while (entries.MoveNext())
                {
                    writer.WritePropertyName(entries.Key.ToText());
                    if (Write(entries.Value, writer, end, depth + 1, ref work) is { } error)
                        return error;
                }

                writer.WriteEndObject();
                break;
            case CelKind.Optional:
                return Write(value.TryGetOptional(out var inner) ? inner : CelValue.Null, writer, end, depth + 1, ref work);
            case CelKind.Error:
                return value.Error;
            case CelKind.Flattened:
                return Marker;
            default:
                writer.WriteStringValue(value.ToText());
                break;
        }

        return writer.BytesPending + writer.BytesCommitted > end ? TooLong : null;
    }

    private static void WriteDouble(double value, Utf8JsonWriter writer)
    {
        if (double.IsNaN(value))
            writer.WriteStringValue("NaN");
        else if (double.IsInfinity(value))
            writer.WriteStringValue(value > 0 ? "Infinity" : "-Infinity");
        else if (Math.Floor(value) == value && Math.Abs(value) < 1e15)
            writer.WriteRawValue(value.ToString("F1", CultureInfo.InvariantCulture), skipInputValidation: true); // Stays a double when read back.
        else
            writer.WriteNumberValue(value);
    }
}
