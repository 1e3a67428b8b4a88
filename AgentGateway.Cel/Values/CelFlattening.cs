using System.Globalization;
using AgentGateway.Cel.Values;

namespace AgentGateway.Cel;

/// <summary>
/// Turns the value of a field into attributes. A plain value is one attribute; the marker of <c>flatten</c> and <c>flattenRecursive</c> is one for each leaf,
/// with the index or key appended to the field's key after a dot.
/// </summary>
public static class CelFlattening
{
    /// <summary>Most attributes one field expands to; what is beyond is dropped.</summary>
    public const int MaxAttributes = 1024;

    /// <summary>
    /// Adds the attributes of a field. Bools, numbers and strings keep their type; times are text; lists and maps inside are strict JSON text;
    /// null, absent and error values add nothing.
    /// </summary>
    /// <param name="key">The key of the field.</param>
    /// <param name="value">The result of its expression.</param>
    /// <param name="sink">Takes the attributes.</param>
    /// <returns>False when there were more than <see cref="MaxAttributes"/>, or a part has no attribute form.</returns>
    public static bool Expand(string key, CelValue value, ICelAttributeSink sink)
    {
        ArgumentNullException.ThrowIfNull(key);
        ArgumentNullException.ThrowIfNull(sink);
        var room = MaxAttributes;
        return Expand(key, value, sink, ref room, 0);
    }

    /// <summary>The value in a form attributes can carry: bool, int, uint, double or string; absent for null, absent and errors.</summary>
    /// <param name="value">Any value.</param>
    public static CelValue ToScalar(CelValue value)
    {
        switch (value.Kind)
        {
            case CelKind.Bool or CelKind.Int or CelKind.Uint or CelKind.Double or CelKind.String:
                return value;
            case CelKind.Absent or CelKind.Null or CelKind.Error or CelKind.Flattened:
                return default;
            case CelKind.Optional:
                return value.TryGetOptional(out var inner) && inner.Kind != CelKind.Optional ? ToScalar(inner) : default;
            case CelKind.List or CelKind.Map:
                return CelJsonWriter.TryWrite(value, CelLimits.Default.MaxValueSize, out var json, out _) ? CelValue.FromString(json) : default;
            default:
                return CelValue.FromString(value.ToText());
        }
    }

    internal static CelValue Mark(CelValue container, bool recursive) => new(new CelBox(CelKind.Flattened, container), recursive ? 1 : 0);

    private static bool Expand(string key, CelValue value, ICelAttributeSink sink, ref int room, int depth)
    {
        if (value.Kind != CelKind.Flattened)
        {
            if (value.TryGetOptional(out var inner) && inner.Kind is CelKind.List or CelKind.Map)
                value = inner;
            var scalar = ToScalar(value);
            if (scalar.IsAbsent)
                return !value.IsError && value.Kind is not (CelKind.List or CelKind.Map);
            if (--room < 0)
                return false;
            if (value.Kind is CelKind.List or CelKind.Map)
                sink.AddJson(key, scalar.AsString());
            else
                sink.Add(key, scalar);
            return true;
        }

        return ExpandContainer(key, ((CelBox)value.Ref!).Value, value.Bits != 0, sink, ref room, depth);
    }

    private static bool ExpandContainer(string key, CelValue container, bool recursive, ICelAttributeSink sink, ref int room, int depth)
    {
        if (depth > CelLimits.MaxValueDepth)
            return false;
        var complete = true;
        if (container.Kind == CelKind.List)
        {
            var index = 0;
            foreach (var item in container.AsList())
            {
                if (room <= 0)
                    return false;
                complete &= ExpandItem(key, (index++).ToString(CultureInfo.InvariantCulture), item, recursive, sink, ref room, depth);
            }
        }
        else
        {
            var entries = container.AsMap().GetEnumerator();
            while (entries.MoveNext())
            {
                if (room <= 0)
                    return false;
                complete &= ExpandItem(key, entries.Key.ToText(), entries.Value, recursive, sink, ref room, depth);
            }
        }

        return complete;
    }

    private static bool ExpandItem(string key, string part, CelValue item, bool recursive, ICelAttributeSink sink, ref int room, int depth)
    {
        var itemKey = string.Concat(key, ".", part);
        return recursive && item.Kind is CelKind.List or CelKind.Map
            ? ExpandContainer(itemKey, item, recursive, sink, ref room, depth + 1)
            : Expand(itemKey, item, sink, ref room, depth + 1);
    }
}
