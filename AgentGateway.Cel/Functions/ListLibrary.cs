using AgentGateway.Cel.Evaluation;
using AgentGateway.Cel.Values;

namespace AgentGateway.Cel.Functions;

/// <summary>The lists extension. <c>sortBy</c> is a macro.</summary>
internal static class ListLibrary
{
    public static void Register(LibraryBuilder library)
    {
        library.Function("lists.range(int) -> list(int)", Range, "The integers from 0 up to before a number.");
        library.Method("list(A).slice(int, int) -> list(A)", Slice, "The elements from a place up to before another.");
        library.Method("list(A).reverse() -> list(A)", Reverse, "The elements in reverse order.");
        library.Method("list(A).sort() -> list(A)", Sort, "The elements in their order; all of one comparable type.");
        library.Method("list(A).distinct() -> list(A)", Distinct, "Each element once, where it stands first.");
        library.Method("list.flatten() -> list", static (in CelCall call) => Flatten(call, 1), "Lists inside replaced by their elements, one level deep.");
        library.Method("list.flatten(int) -> list", static (in CelCall call) => call[1].Bits < 0 ? ConversionLibrary.Bad("depth is negative") : Flatten(call, call[1].Bits), "Lists inside replaced by their elements, so many levels deep.");
    }

    private static CelValue Range(in CelCall call)
    {
        var count = Math.Max(0, call[0].Bits);
        return call.TryReserve(count, 8) ? CelValue.FromList(new RangeCelList((int)count)) : EvalErrors.SizeLimit;
    }

    private static CelValue Slice(in CelCall call)
    {
        var list = call[0].AsList();
        var from = call[1].Bits;
        var to = call[2].Bits;
        if (from < 0 || to < from || to > list.Count)
            return EvalErrors.IndexOutOfRange;
        return call.TryReserve(1, 64) ? CelValue.FromList(SliceCelList.Create(list, (int)from, (int)(to - from))) : EvalErrors.SizeLimit;
    }

    private static CelValue Reverse(in CelCall call)
    {
        var list = call[0].AsList();
        if (!call.TryReserve(list.Count, 24) || !call.TrySpend(list.Count))
            return EvalErrors.SizeLimit;
        var items = list.ToArray();
        Array.Reverse(items);
        return CelValue.FromList(items);
    }

    private static CelValue Sort(in CelCall call)
    {
        var list = call[0].AsList();
        if (!call.TryReserve(list.Count, 24))
            return EvalErrors.SizeLimit;
        var items = list.ToArray();
        return Sorting.Sort(ref call.Frame, items, items);
    }

    private static CelValue Distinct(in CelCall call)
    {
        var list = call[0].AsList();
        var items = new ListBuilder(0);
        var scalars = new HashSet<CelValue>(CelKeyComparer.Instance);
        foreach (var item in list)
        {
            if (!call.TryReserve(1, 96) || !call.Frame.TryWalk(item))
                return EvalErrors.SizeLimit;
            if (CelKeyComparer.IsKey(item.Kind) || item.Kind == CelKind.Double)
            {
                if (scalars.Add(item))
                    items.Add(item);
                continue;
            }

            var seen = false;
            foreach (ref readonly var other in items.Items)
            {
                var equal = CelEquality.AreEqual(item, other, ref call.Frame.Work);
                if (equal < 0)
                    return Operations.Result(equal, false);
                seen |= equal == CelEquality.Equal;
                if (seen)
                    break;
            }

            if (!seen)
                items.Add(item);
        }

        return items.ToValue();
    }

    private static CelValue Flatten(in CelCall call, long depth)
    {
        var items = new ListBuilder(0);
        var error = Flatten(call, call[0], Math.Min(depth, CelLimits.MaxValueDepth), ref items);
        return error.IsError ? error : items.ToValue();
    }

    private static CelValue Flatten(in CelCall call, CelValue list, long depth, ref ListBuilder items)
    {
        foreach (var item in list.AsList())
        {
            if (!call.TryReserve(1, 48) || !call.TrySpend(1) || items.Count >= call.Limits.MaxValueSize)
                return EvalErrors.SizeLimit;
            if (item.Kind != CelKind.List || depth == 0)
            {
                items.Add(item);
                continue;
            }

            var error = Flatten(call, item, depth - 1, ref items);
            if (error.IsError)
                return error;
        }

        return default;
    }
}
