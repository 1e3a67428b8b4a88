using System.Buffers;
using System.Text.Json;
using AgentGateway.Cel;
using Google.Protobuf.WellKnownTypes;

namespace AgentGateway.Proxy.Policies.Callouts;

/// <summary>Between JSON, expression values and <c>google.protobuf.Struct</c>, without reflection.</summary>
internal static class StructJson
{
    private const int MaxDepth = 32;

    /// <summary>Writes a struct as a JSON object.</summary>
    public static byte[] Write(Struct value)
    {
        var buffer = new ArrayBufferWriter<byte>(256);
        using (var writer = new Utf8JsonWriter(buffer))
        {
            Write(writer, value, 0);
        }

        return buffer.WrittenSpan.ToArray();
    }

    /// <summary>Reads a JSON object; null when it is none.</summary>
    public static Struct? Read(ReadOnlySpan<byte> json)
    {
        try
        {
            var reader = new Utf8JsonReader(json, new JsonReaderOptions { MaxDepth = MaxDepth });
            var root = JsonElement.ParseValue(ref reader);
            return root.ValueKind == JsonValueKind.Object ? Convert(root).StructValue : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>A map of an expression; null when it is none.</summary>
    public static Struct? From(CelValue value) => value.Kind == CelKind.Map ? Read(System.Text.Encoding.UTF8.GetBytes(value.ToJson())) : null;

    private static Value Convert(JsonElement element)
    {
        switch (element.ValueKind)
        {
            case JsonValueKind.Object:
                var fields = new Struct();
                foreach (var member in element.EnumerateObject())
                {
                    fields.Fields[member.Name] = Convert(member.Value);
                }

                return Value.ForStruct(fields);
            case JsonValueKind.Array:
                var list = new ListValue();
                foreach (var item in element.EnumerateArray())
                {
                    list.Values.Add(Convert(item));
                }

                return new Value { ListValue = list };
            case JsonValueKind.String:
                return Value.ForString(element.GetString()!);
            case JsonValueKind.Number:
                return Value.ForNumber(element.GetDouble());
            case JsonValueKind.True or JsonValueKind.False:
                return Value.ForBool(element.GetBoolean());
            default:
                return Value.ForNull();
        }
    }

    private static void Write(Utf8JsonWriter writer, Struct value, int depth)
    {
        writer.WriteStartObject();
        foreach (var (name, field) in value.Fields)
        {
            writer.WritePropertyName(name);
            Write(writer, field, depth + 1);
        }

        writer.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter writer, Value value, int depth)
    {
        switch (value.KindCase)
        {
            case Value.KindOneofCase.BoolValue:
                writer.WriteBooleanValue(value.BoolValue);
                break;
            case Value.KindOneofCase.NumberValue when double.IsFinite(value.NumberValue):
                WriteNumber(writer, value.NumberValue);
                break;
            case Value.KindOneofCase.StringValue:
                writer.WriteStringValue(value.StringValue);
                break;
            case Value.KindOneofCase.ListValue when depth < MaxDepth:
                writer.WriteStartArray();
                foreach (var item in value.ListValue.Values)
                {
                    Write(writer, item, depth + 1);
                }

                writer.WriteEndArray();
                break;
            case Value.KindOneofCase.StructValue when depth < MaxDepth:
                Write(writer, value.StructValue, depth + 1);
                break;
            default:
                writer.WriteNullValue();
                break;
        }
    }

    // Every number of a struct is a double; whole ones stay whole numbers for expressions.
    private static void WriteNumber(Utf8JsonWriter writer, double number)
    {
        if (Math.Floor(number) == number && Math.Abs(number) <= 9_007_199_254_740_992)
        {
            writer.WriteNumberValue((long)number);
        }
        else
        {
            writer.WriteNumberValue(number);
        }
    }
}
