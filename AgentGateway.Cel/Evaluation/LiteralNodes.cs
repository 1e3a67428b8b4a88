using System.Collections.Immutable;
using AgentGateway.Cel.Values;

namespace AgentGateway.Cel.Evaluation;

internal sealed class ListNode(ImmutableArray<Node> elements, bool[]? optional) : Node
{
    public override CelValue Eval(ref EvalFrame frame)
    {
        if (!frame.TryReserve(elements.Length, 24))
            return EvalErrors.SizeLimit;
        var items = new ListBuilder(elements.Length);
        for (var i = 0; i < elements.Length; i++)
        {
            var value = elements[i].Eval(ref frame);
            if (value.IsError)
                return value;
            if (optional?[i] == true)
            {
                if (value.Kind != CelKind.Optional)
                    return EvalErrors.NotOptional;
                if (!value.TryGetOptional(out value))
                    continue;
            }

            items.Add(value);
        }

        return items.ToValue();
    }
}

internal readonly record struct MapEntryNode(Node Key, Node Value, bool Optional);

internal sealed class MapNode(ImmutableArray<MapEntryNode> entries) : Node
{
    public override CelValue Eval(ref EvalFrame frame)
    {
        if (!frame.TryReserve(entries.Length, 48))
            return EvalErrors.SizeLimit;
        var map = new DictionaryCelMap();
        foreach (var entry in entries)
        {
            var key = entry.Key.Eval(ref frame);
            if (key.IsError)
                return key;
            if (!CelKeyComparer.IsKey(key.Kind))
                return EvalErrors.BadKey;
            if (!frame.TryWalk(key))
                return EvalErrors.WorkLimit;
            var value = entry.Value.Eval(ref frame);
            if (value.IsError)
                return value;
            if (entry.Optional)
            {
                if (value.Kind != CelKind.Optional)
                    return EvalErrors.NotOptional;
                if (!value.TryGetOptional(out value))
                    continue;
            }

            if (!map.Add(key, value))
                return EvalErrors.DuplicateKey;
        }

        return CelValue.FromMap(map);
    }
}
