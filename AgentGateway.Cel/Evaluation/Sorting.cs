using System.Numerics;
using AgentGateway.Cel.Values;

namespace AgentGateway.Cel.Evaluation;

internal static class Sorting
{
    /// <summary>The items in the order of their keys, equal keys in their old order. All keys must be of one comparable type.</summary>
    public static CelValue Sort(ref EvalFrame frame, ReadOnlySpan<CelValue> keys, ReadOnlySpan<CelValue> items)
    {
        for (var i = 0; i < keys.Length; i++)
        {
            if (!CelEquality.Comparable(keys[0].Kind, keys[i].Kind) || keys[0].Kind != keys[i].Kind)
                return EvalErrors.NotComparable;
        }

        // Comparing strings walks them; n log n comparisons of their mean length.
        long length = 0;
        if (keys.Length > 0 && keys[0].Kind == CelKind.String)
        {
            foreach (var key in keys)
                length += key.AsString().Length >> 5;
        }

        if (!frame.TrySpend((keys.Length + length) * (1 + BitOperations.Log2((uint)keys.Length + 1))) || !frame.TryReserve(keys.Length, 64))
            return EvalErrors.WorkLimit;
        var places = new int[keys.Length];
        for (var i = 0; i < places.Length; i++)
            places[i] = i;
        var order = keys.ToArray();
        Array.Sort(places, (x, y) =>
        {
            // NaN has no order; to sort, it comes first.
            var result = order[x].Kind == CelKind.Double ? order[x].AsDouble().CompareTo(order[y].AsDouble()) : CelEquality.Compare(order[x], order[y]);
            return result != 0 ? result : x.CompareTo(y);
        });
        var sorted = new ListBuilder(items.Length);
        foreach (var place in places)
            sorted.Add(items[place]);
        return sorted.ToValue();
    }
}
