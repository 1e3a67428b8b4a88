using System.Collections.Immutable;

namespace AgentGateway.Cel.Evaluation;

/// <summary><c>cel.bind</c> and <c>with</c>.</summary>
internal sealed class BindNode(Node init, int slot, Node body) : Node
{
    public override CelValue Eval(ref EvalFrame frame)
    {
        // An error is bound like a value: it only matters where the variable is read.
        frame.Locals[slot] = init.Eval(ref frame);
        return body.Eval(ref frame);
    }
}

/// <summary><c>optMap</c> (wraps the result) and <c>optFlatMap</c> (the result is an optional).</summary>
internal sealed class OptionalMapNode(Node init, int slot, Node body, bool flat) : Node
{
    public override CelValue Eval(ref EvalFrame frame)
    {
        var optional = init.Eval(ref frame);
        if (optional.Kind != CelKind.Optional)
            return EvalErrors.NoOverload(flat ? "optFlatMap" : "optMap", optional);
        if (!optional.TryGetOptional(out var value))
            return optional;
        frame.Locals[slot] = value;
        var result = body.Eval(ref frame);
        if (result.IsError || flat)
            return result.IsError || result.Kind == CelKind.Optional ? result : EvalErrors.NotOptional;
        return CelValue.FromOptional(result);
    }
}

/// <summary><c>cel.block</c>: the slots in order, then the body.</summary>
internal sealed class BlockNode(ImmutableArray<Node> values, ImmutableArray<int> slots, Node body) : Node
{
    public override CelValue Eval(ref EvalFrame frame)
    {
        for (var i = 0; i < values.Length; i++)
            frame.Locals[slots[i]] = values[i].Eval(ref frame);
        return body.Eval(ref frame);
    }
}
