using System.Globalization;
using System.Text.Json;
using AgentGateway.Cel;

namespace AgentGateway.Tests.Cel.Conformance;

/// <summary>Reads the JSON form of the suite's values and types.</summary>
internal static class ConformanceValues
{
    private static readonly CelEnvironment Plain = new CelEnvironmentBuilder().Build();

    public static CelValue Value(JsonElement json)
    {
        foreach (var part in json.EnumerateObject())
        {
            var value = part.Value;
            switch (part.Name)
            {
                case "int64Value":
                    return CelValue.FromInt(long.Parse(Text(value), CultureInfo.InvariantCulture));
                case "uint64Value":
                    return CelValue.FromUint(ulong.Parse(Text(value), CultureInfo.InvariantCulture));
                case "doubleValue":
                    return CelValue.FromDouble(Number(value));
                case "boolValue":
                    return CelValue.FromBool(value.GetBoolean());
                case "stringValue":
                    return CelValue.FromString(value.GetString());
                case "bytesValue":
                    return CelValue.FromBytes(Convert.FromBase64String(value.GetString()!));
                case "nullValue":
                    return CelValue.Null;
                case "typeValue":
                    return CelValue.FromType(TypeNamed(value.GetString()!));
                case "listValue":
                    return CelValue.FromList(value.TryGetProperty("values", out var items) ? [.. items.EnumerateArray().Select(Value)] : []);
                case "mapValue":
                    return CelValue.FromEntries(value.TryGetProperty("entries", out var entries)
                        ? entries.EnumerateArray().Select(e => KeyValuePair.Create(Value(e.GetProperty("key")), Value(e.GetProperty("value"))))
                        : []);
                case "objectValue":
                    return Message(value);
                case "enumValue":
                    throw new NotSupportedException("enum");
            }
        }

        throw new NotSupportedException(json.GetRawText());
    }

    public static CelType Type(JsonElement json)
    {
        foreach (var part in json.EnumerateObject())
        {
            var value = part.Value;
            switch (part.Name)
            {
                case "primitive":
                    return Primitive(value.GetString()!);
                case "wrapper":
                    return CelType.Nullable(Primitive(value.GetString()!));
                case "listType":
                    return CelType.List(value.TryGetProperty("elemType", out var element) ? Type(element) : CelType.Dyn);
                case "mapType":
                    return CelType.Map(Type(value.GetProperty("keyType")), Type(value.GetProperty("valueType")));
                case "null":
                    return CelType.Null;
                case "dyn":
                    return CelType.Dyn;
                case "typeParam":
                    return CelType.Parameter(value.GetString()!);
                case "abstractType":
                    return CelType.Opaque(value.GetProperty("name").GetString()!, [.. value.TryGetProperty("parameterTypes", out var parameters) ? parameters.EnumerateArray().Select(Type) : []]);
                case "messageType":
                    return Constructed(value.GetString()!);
                case "type":
                    return CelType.AnyType;
                case "wellKnown":
                    return value.GetString() switch { "TIMESTAMP" => CelType.Timestamp, "DURATION" => CelType.Duration, _ => CelType.Dyn };
            }
        }

        return CelType.Dyn;
    }

    private static string Text(JsonElement value) => value.ValueKind == JsonValueKind.String ? value.GetString()! : value.GetRawText();

    private static double Number(JsonElement value) => value.ValueKind == JsonValueKind.Number ? value.GetDouble() : value.GetString() switch
    {
        "NaN" => double.NaN,
        "Infinity" => double.PositiveInfinity,
        "-Infinity" => double.NegativeInfinity,
        var text => double.Parse(text!, CultureInfo.InvariantCulture),
    };

    private static CelValue Message(JsonElement value)
    {
        var type = value.GetProperty("@type").GetString()!;
        return type["type.googleapis.com/".Length..] switch
        {
            "google.protobuf.Duration" => Evaluate($"duration('{value.GetProperty("value").GetString()}')"),
            "google.protobuf.Timestamp" => Evaluate($"timestamp('{value.GetProperty("value").GetString()}')"),
            "google.protobuf.BoolValue" => CelValue.FromBool(value.GetProperty("value").GetBoolean()),
            "google.protobuf.Int32Value" or "google.protobuf.Int64Value" => CelValue.FromInt(long.Parse(Text(value.GetProperty("value")), CultureInfo.InvariantCulture)),
            "google.protobuf.UInt32Value" or "google.protobuf.UInt64Value" => CelValue.FromUint(ulong.Parse(Text(value.GetProperty("value")), CultureInfo.InvariantCulture)),
            "google.protobuf.FloatValue" or "google.protobuf.DoubleValue" => CelValue.FromDouble(Number(value.GetProperty("value"))),
            "google.protobuf.StringValue" => CelValue.FromString(value.GetProperty("value").GetString()),
            "google.protobuf.BytesValue" => CelValue.FromBytes(Convert.FromBase64String(value.GetProperty("value").GetString()!)),
            "google.protobuf.Struct" or "google.protobuf.ListValue" or "google.protobuf.Value" => Dynamic(value.GetProperty("value")),
            _ => throw new NotSupportedException(type),
        };
    }

    /// <summary>JSON as <c>google.protobuf.Value</c> has it: all numbers are doubles.</summary>
    private static CelValue Dynamic(JsonElement json) => json.ValueKind switch
    {
        JsonValueKind.Number => CelValue.FromDouble(json.GetDouble()),
        JsonValueKind.Array => CelValue.FromList([.. json.EnumerateArray().Select(Dynamic)]),
        JsonValueKind.Object => CelValue.FromEntries(json.EnumerateObject().Select(static p => KeyValuePair.Create(CelValue.FromString(p.Name), Dynamic(p.Value)))),
        _ => CelValue.FromJson(json),
    };

    /// <summary>A message type that is a type of the language, or one that nothing is known of.</summary>
    private static CelType Constructed(string name) => Plain.Compile(name + "{}", strict: true).Program?.ResultType ?? CelType.Opaque(name);

    private static CelValue Evaluate(string source) => Plain.Compile(source).Program!.Evaluate(new TestActivation());

    private static CelType Primitive(string name) => name switch
    {
        "BOOL" => CelType.Bool,
        "INT64" => CelType.Int,
        "UINT64" => CelType.Uint,
        "DOUBLE" => CelType.Double,
        "STRING" => CelType.String,
        "BYTES" => CelType.Bytes,
        _ => throw new NotSupportedException(name),
    };

    private static CelType TypeNamed(string name) => name switch
    {
        "bool" => CelType.Bool,
        "int" => CelType.Int,
        "uint" => CelType.Uint,
        "double" => CelType.Double,
        "string" => CelType.String,
        "bytes" => CelType.Bytes,
        "null_type" => CelType.Null,
        "list" => CelType.AnyList,
        "map" => CelType.AnyMap,
        "type" => CelType.AnyType,
        "google.protobuf.Timestamp" => CelType.Timestamp,
        "google.protobuf.Duration" => CelType.Duration,
        _ => CelType.Opaque(name),
    };
}
