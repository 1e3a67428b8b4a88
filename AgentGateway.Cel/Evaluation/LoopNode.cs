using AgentGateway.Cel.Values;

namespace AgentGateway.Cel.Evaluation;

/// <summary>What a macro does with the elements it is shown.</summary>
internal struct LoopState
{
    public CelValue Result;
    public CelValue Error;
    public long Count;
    public ListBuilder Items;
    public ListBuilder Keys;
    public DictionaryCelMap? Map;
}

/// <summary>A macro over a list or map: with one variable the elements or keys, with two the index and element or key and value.</summary>
internal abstract class LoopNode(Node range, int slot, int slot2, int work) : Node
{
    public sealed override CelValue Eval(ref EvalFrame frame)
    {
        var source = range.Eval(ref frame);
        LoopState state = default;
        Begin(source, ref state);
        switch (source.Kind)
        {
            case CelKind.List when AllowsList:
                long index = 0;
                foreach (var item in source.AsList())
                {
                    if (!frame.TryIterate(work, out var limit))
                        return limit;
                    if (slot2 < 0)
                    {
                        frame.Locals[slot] = item;
                    }
                    else
                    {
                        frame.Locals[slot] = CelValue.FromInt(index);
                        frame.Locals[slot2] = item;
                    }

                    if (!Step(ref frame, ref state, slot2 < 0 ? item : CelValue.FromInt(index), item))
                        break;
                    index++;
                }

                break;
            case CelKind.Map when AllowsMap:
                var entries = source.AsMap().GetEnumerator();
                while (entries.MoveNext())
                {
                    if (!frame.TryIterate(work, out var limit))
                        return limit;
                    frame.Locals[slot] = BindsValue ? entries.Value : entries.Key;
                    if (slot2 >= 0)
                        frame.Locals[slot2] = entries.Value;
                    if (!Step(ref frame, ref state, entries.Key, entries.Value))
                        break;
                }

                break;
            default:
                return source.IsError ? source : source.Kind == CelKind.Flattened ? EvalErrors.MisplacedFlatten : EvalErrors.NotIterable;
        }

        return state.Error.IsAbsent ? End(ref frame, ref state) : state.Error;
    }

    protected virtual bool AllowsList => true;

    protected virtual bool AllowsMap => true;

    /// <summary>With one variable over a map, binds the value instead of the key.</summary>
    protected virtual bool BindsValue => false;

    protected virtual void Begin(CelValue source, ref LoopState state)
    {
    }

    /// <summary>Handles one element; false ends the loop.</summary>
    protected abstract bool Step(ref EvalFrame frame, ref LoopState state, CelValue key, CelValue value);

    protected abstract CelValue End(ref EvalFrame frame, ref LoopState state);

    /// <summary>A filter's answer for the element: true, false, or null after an error that ends the loop.</summary>
    protected static bool? Test(Node? filter, ref EvalFrame frame, ref LoopState state)
    {
        if (filter is null)
            return true;
        var value = filter.Eval(ref frame);
        if (value.Kind == CelKind.Bool)
            return value.Bits != 0;
        state.Error = value.IsError ? value : EvalErrors.NotBool;
        return null;
    }
}

/// <summary><c>all</c> (<paramref name="decisive"/> false) and <c>exists</c> (true): the decisive answer wins over errors of other elements.</summary>
internal sealed class QuantifierNode(Node range, int slot, int slot2, Node predicate, bool decisive, int work) : LoopNode(range, slot, slot2, work)
{
    protected override bool Step(ref EvalFrame frame, ref LoopState state, CelValue key, CelValue value)
    {
        var answer = predicate.Eval(ref frame);
        if (answer.Kind == CelKind.Bool)
        {
            if ((answer.Bits != 0) != decisive)
                return true;
            state.Result = answer;
            state.Error = default;
            return false;
        }

        if (state.Error.IsAbsent)
            state.Error = answer.IsError ? answer : EvalErrors.NotBool;
        return true;
    }

    protected override CelValue End(ref EvalFrame frame, ref LoopState state) => state.Result.IsAbsent ? CelValue.FromBool(!decisive) : state.Result;
}

internal sealed class ExistsOneNode(Node range, int slot, int slot2, Node predicate, int work) : LoopNode(range, slot, slot2, work)
{
    protected override bool Step(ref EvalFrame frame, ref LoopState state, CelValue key, CelValue value)
    {
        // A second match does not end the loop: an error of a later element is still the result.
        if (Test(predicate, ref frame, ref state) is not { } match)
            return false;
        if (match)
            state.Count++;
        return true;
    }

    protected override CelValue End(ref EvalFrame frame, ref LoopState state) => CelValue.FromBool(state.Count == 1);
}

/// <summary><c>map</c>, <c>transformList</c>: a list of results. <c>filter</c>: a list of the elements themselves (<paramref name="body"/> null).</summary>
internal sealed class ListLoopNode(Node range, int slot, int slot2, Node? filter, Node? body, int work) : LoopNode(range, slot, slot2, work)
{
    protected override void Begin(CelValue source, ref LoopState state) => state.Items = new ListBuilder(0);

    protected override bool Step(ref EvalFrame frame, ref LoopState state, CelValue key, CelValue value)
    {
        if (Test(filter, ref frame, ref state) is not { } match)
            return false;
        if (!match)
            return true;
        var item = body is null ? key : body.Eval(ref frame);
        if (item.IsError)
            state.Error = item;
        else if (!frame.TryReserve(1, 48))
            state.Error = EvalErrors.SizeLimit;
        else
            state.Items.Add(item);
        return state.Error.IsAbsent;
    }

    protected override CelValue End(ref EvalFrame frame, ref LoopState state) => state.Items.ToValue();
}

/// <summary><c>transformMap</c>, <c>mapValues</c>: the same keys with other values. <c>filterKeys</c>: some of the entries (<paramref name="body"/> null).</summary>
internal sealed class MapLoopNode(Node range, int slot, int slot2, Node? filter, Node? body, int work, bool mapOnly, bool bindsValue) : LoopNode(range, slot, slot2, work)
{
    protected override bool AllowsList => !mapOnly;

    protected override bool BindsValue => bindsValue;

    protected override void Begin(CelValue source, ref LoopState state) => state.Map = new DictionaryCelMap();

    protected override bool Step(ref EvalFrame frame, ref LoopState state, CelValue key, CelValue value)
    {
        if (Test(filter, ref frame, ref state) is not { } match)
            return false;
        if (!match)
            return true;
        var result = body is null ? value : body.Eval(ref frame);
        if (result.IsError)
            state.Error = result;
        else if (!frame.TryReserve(1, 96))
            state.Error = EvalErrors.SizeLimit;
        else
            state.Map!.Set(key, result);
        return state.Error.IsAbsent;
    }

    protected override CelValue End(ref EvalFrame frame, ref LoopState state) => CelValue.FromMap(state.Map!);
}

/// <summary><c>transformMapEntry</c>: the entries of the maps the body gives, all with different keys.</summary>
internal sealed class MapEntryLoopNode(Node range, int slot, int slot2, Node? filter, Node body, int work) : LoopNode(range, slot, slot2, work)
{
    protected override void Begin(CelValue source, ref LoopState state) => state.Map = new DictionaryCelMap();

    protected override bool Step(ref EvalFrame frame, ref LoopState state, CelValue key, CelValue value)
    {
        if (Test(filter, ref frame, ref state) is not { } match)
            return false;
        if (!match)
            return true;
        var result = body.Eval(ref frame);
        if (result.Kind != CelKind.Map)
        {
            state.Error = EvalErrors.NoOverload("transformMapEntry", result);
            return false;
        }

        var entries = result.AsMap().GetEnumerator();
        while (entries.MoveNext())
        {
            if (!frame.TryReserve(1, 96) || !frame.TrySpend(1))
                state.Error = EvalErrors.SizeLimit;
            else if (!CelKeyComparer.IsKey(entries.Key.Kind))
                state.Error = EvalErrors.BadKey;
            else if (!state.Map!.Add(entries.Key, entries.Value))
                state.Error = EvalErrors.DuplicateKey;
            if (!state.Error.IsAbsent)
                return false;
        }

        return true;
    }

    protected override CelValue End(ref EvalFrame frame, ref LoopState state) => CelValue.FromMap(state.Map!);
}

/// <summary><c>sortBy</c>: the elements in the order of their keys.</summary>
internal sealed class SortByNode(Node range, int slot, Node key, int work) : LoopNode(range, slot, -1, work)
{
    protected override bool AllowsMap => false;

    protected override void Begin(CelValue source, ref LoopState state)
    {
        state.Items = new ListBuilder(0);
        state.Keys = new ListBuilder(0);
    }

    protected override bool Step(ref EvalFrame frame, ref LoopState state, CelValue index, CelValue value)
    {
        var order = key.Eval(ref frame);
        if (order.IsError)
            state.Error = order;
        else if (!frame.TryReserve(2, 48))
            state.Error = EvalErrors.SizeLimit;
        state.Keys.Add(order);
        state.Items.Add(value);
        return state.Error.IsAbsent;
    }

    protected override CelValue End(ref EvalFrame frame, ref LoopState state) => Sorting.Sort(ref frame, state.Keys.Items, state.Items.Items);
}
