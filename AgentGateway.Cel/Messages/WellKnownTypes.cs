using System.Collections.Frozen;
using AgentGateway.Cel.Evaluation;
using AgentGateway.Cel.Functions;
using AgentGateway.Cel.Values;

namespace AgentGateway.Cel.Messages;

/// <summary>The message types that need no messages (cel-spec, doc/langdef.md, "Dynamic Values" and "Wrapper types"). <c>Any</c> would need descriptors.</summary>
internal static class WellKnownTypes
{
    private const string Package = "google.protobuf.";
    private static readonly CelValue TwoKinds = ConversionLibrary.Bad("google.protobuf.Value has one kind only");
    private static readonly CelValue NotNull = ConversionLibrary.Bad("the only google.protobuf.NullValue is NULL_VALUE");
    private static readonly CelValue NanosRange = CelValue.FromError(CelErrorCode.Overflow, "nanos out of range");

    private static readonly FrozenDictionary<string, WellKnownType> Types = new[]
    {
        Wrapper("BoolValue", CelType.Bool, CelValue.False),
        Wrapper("Int32Value", CelType.Int, CelValue.FromInt(0), static value => value.Bits is < int.MinValue or > int.MaxValue ? EvalErrors.RangeOverflow : value),
        Wrapper("Int64Value", CelType.Int, CelValue.FromInt(0)),
        Wrapper("UInt32Value", CelType.Uint, CelValue.FromUint(0), static value => value.AsUint() > uint.MaxValue ? EvalErrors.RangeOverflow : value),
        Wrapper("UInt64Value", CelType.Uint, CelValue.FromUint(0)),
        Wrapper("FloatValue", CelType.Double, CelValue.FromDouble(0), static value => CelValue.FromDouble((float)value.AsDouble())),
        Wrapper("DoubleValue", CelType.Double, CelValue.FromDouble(0)),
        Wrapper("StringValue", CelType.String, CelValue.FromString("")),
        Wrapper("BytesValue", CelType.Bytes, CelValue.FromBytes(default)),
        new WellKnownType(Package + "Struct", CelType.Map(CelType.String, CelType.Dyn), Struct, ("fields", CelType.Map(CelType.String, CelType.Dyn))),
        new WellKnownType(Package + "ListValue", CelType.AnyList, List, ("values", CelType.AnyList)),
        new WellKnownType(
            Package + "Value",
            CelType.Dyn,
            Value,
            ("null_value", CelType.Dyn),
            ("number_value", CelType.Double),
            ("string_value", CelType.String),
            ("bool_value", CelType.Bool),
            ("struct_value", CelType.Map(CelType.String, CelType.Dyn)),
            ("list_value", CelType.AnyList)),
        new WellKnownType(Package + "Timestamp", CelType.Timestamp, static (ref EvalFrame frame, ReadOnlySpan<CelValue> fields) => Time(CelType.Timestamp, fields), ("seconds", CelType.Int), ("nanos", CelType.Int)),
        new WellKnownType(Package + "Duration", CelType.Duration, static (ref EvalFrame frame, ReadOnlySpan<CelValue> fields) => Time(CelType.Duration, fields), ("seconds", CelType.Int), ("nanos", CelType.Int)),
    }.ToFrozenDictionary(static type => type.Name, StringComparer.Ordinal);

    /// <summary>The constants of the package: the one enum that is needed to write a <c>Value</c>.</summary>
    public static IEnumerable<KeyValuePair<string, CelValue>> Constants { get; } = [new(Package + "NullValue.NULL_VALUE", CelValue.FromInt(0))];

    /// <summary>Finds a type.</summary>
    /// <param name="name">Its qualified name.</param>
    public static WellKnownType? Find(string name) => Types.GetValueOrDefault(name);

    private static WellKnownType Wrapper(string name, CelType scalar, CelValue zero, Func<CelValue, CelValue>? convert = null) => new(
        Package + name,
        CelType.Nullable(scalar),
        (ref EvalFrame frame, ReadOnlySpan<CelValue> fields) =>
        {
            var value = fields[0];
            if (value.IsAbsent)
                return zero;
            return value.RuntimeType.Kind != scalar.Kind ? EvalErrors.NoOverload(name, value) : convert is null ? value : convert(value);
        },
        ("value", scalar));

    private static CelValue Struct(ref EvalFrame frame, ReadOnlySpan<CelValue> fields) => fields[0].Kind switch
    {
        CelKind.Absent => CelValue.FromMap(new DictionaryCelMap()),
        CelKind.Map => JsonConversion.Convert(fields[0], ref frame),
        _ => EvalErrors.NoOverload("Struct", fields[0]),
    };

    private static CelValue List(ref EvalFrame frame, ReadOnlySpan<CelValue> fields) => fields[0].Kind switch
    {
        CelKind.Absent => CelValue.FromList(),
        CelKind.List => JsonConversion.Convert(fields[0], ref frame),
        _ => EvalErrors.NoOverload("ListValue", fields[0]),
    };

    private static CelValue Value(ref EvalFrame frame, ReadOnlySpan<CelValue> fields)
    {
        var set = -1;
        for (var i = 0; i < fields.Length; i++)
        {
            if (fields[i].IsAbsent)
                continue;
            if (set >= 0)
                return TwoKinds;
            set = i;
        }

        if (set < 0)
            return CelValue.Null;
        var value = fields[set];
        if (set == 0)
            return value.IsNull || (value.Kind == CelKind.Int && value.Bits == 0) ? CelValue.Null : NotNull;
        var fits = value.Kind == set switch { 1 => CelKind.Double, 2 => CelKind.String, 3 => CelKind.Bool, 4 => CelKind.Map, _ => CelKind.List };
        return fits ? JsonConversion.Convert(value, ref frame) : EvalErrors.NoOverload("Value", value);
    }

    private static CelValue Time(CelType type, ReadOnlySpan<CelValue> fields)
    {
        long seconds = 0;
        long nanos = 0;
        for (var i = 0; i < fields.Length; i++)
        {
            if (fields[i].IsAbsent)
                continue;
            if (fields[i].Kind != CelKind.Int)
                return EvalErrors.NoOverload(type.Name, fields[i]);
            if (i == 0)
                seconds = fields[i].Bits;
            else
                nanos = fields[i].Bits;
        }

        if (nanos is < -999_999_999 or > 999_999_999 || (nanos < 0 && type.Kind == CelTypeKind.Timestamp))
            return NanosRange;
        var total = (Int128)seconds * 1_000_000_000 + nanos;
        return type.Kind == CelTypeKind.Timestamp ? CelTime.TimestampFromNanos(total) : CelTime.DurationFromNanos(total);
    }
}
