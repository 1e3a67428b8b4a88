using AgentGateway.Cel.Evaluation;
using AgentGateway.Cel.Functions;
using AgentGateway.Cel.Values;

namespace AgentGateway.Cel.Messages;

/// <summary>A value as <c>google.protobuf.Value</c> holds it: numbers are doubles, what JSON has no form for is text.</summary>
internal static class JsonConversion
{
    private const long LargestExactInteger = (1L << 53) - 1;
    private static readonly CelValue NotText = ConversionLibrary.Bad("the keys of a google.protobuf.Struct are strings");

    public static CelValue Convert(CelValue value, ref EvalFrame frame, int depth = 0)
    {
        if (!frame.TrySpend(1))
            return EvalErrors.WorkLimit;
        if (depth > CelLimits.MaxValueDepth)
            return EvalErrors.DepthLimit;
        switch (value.Kind)
        {
            case CelKind.Null or CelKind.Bool or CelKind.Double or CelKind.String or CelKind.Error:
                return value;
            case CelKind.Int when value.Bits is >= -LargestExactInteger and <= LargestExactInteger:
                return CelValue.FromDouble(value.Bits);
            case CelKind.Uint when value.AsUint() <= LargestExactInteger:
                return CelValue.FromDouble(value.Bits);
            case CelKind.Bytes:
                return frame.TryReserve(value.AsBytes().Length * 2L, 2) ? CelValue.FromString(value.ToText()) : EvalErrors.SizeLimit;
            case CelKind.Int or CelKind.Uint or CelKind.Timestamp or CelKind.Duration:
                return CelValue.FromString(value.ToText());
            case CelKind.List:
                return Items(value.AsList(), ref frame, depth);
            case CelKind.Map:
                return Entries(value.AsMap(), ref frame, depth);
            default:
                return EvalErrors.NoOverload("Value", value);
        }
    }

    private static CelValue Items(CelListView list, ref EvalFrame frame, int depth)
    {
        if (!frame.TryReserve(list.Count, 24))
            return EvalErrors.SizeLimit;
        var items = new ListBuilder(list.Count);
        foreach (var item in list)
        {
            var converted = Convert(item, ref frame, depth + 1);
            if (converted.IsError)
                return converted;
            items.Add(converted);
        }

        return items.ToValue();
    }

    private static CelValue Entries(CelMapView map, ref EvalFrame frame, int depth)
    {
        var entries = new DictionaryCelMap();
        foreach (var (key, value) in map)
        {
            if (key.Kind != CelKind.String)
                return NotText;
            if (!frame.TryReserve(1, 96))
                return EvalErrors.SizeLimit;
            var converted = Convert(value, ref frame, depth + 1);
            if (converted.IsError)
                return converted;
            entries.Set(key, converted);
        }

        return CelValue.FromMap(entries);
    }
}
