using System.Collections.Immutable;
using System.Runtime.CompilerServices;

namespace AgentGateway.Cel.Evaluation;

/// <summary>A call of a library or host function. The arguments stand on the stack while there are at most four.</summary>
internal sealed class CallNode(string name, ImmutableArray<CelOverload> overloads, ImmutableArray<Node> args) : Node
{
    public override CelValue Eval(ref EvalFrame frame)
    {
        Arguments buffer = default;
        Span<CelValue> values = args.Length <= Arguments.Length ? ((Span<CelValue>)buffer)[..args.Length] : new CelValue[args.Length];
        for (var i = 0; i < args.Length; i++)
        {
            values[i] = args[i].Eval(ref frame);
            if (values[i].IsError)
                return values[i];
        }

        foreach (var overload in overloads)
        {
            if (!overload.AcceptsCount(values.Length) || !overload.Accepts(values))
                continue;
            foreach (ref readonly var value in values)
            {
                if (!frame.TryWalk(value))
                    return EvalErrors.WorkLimit;
            }

            return overload.Body(new CelCall(ref frame, values));
        }

        return EvalErrors.NoOverload(name, values);
    }

    [InlineArray(Length)]
    private struct Arguments
    {
        public const int Length = 4;
        private CelValue _first;
    }
}

/// <summary>A call of a function nobody declared: an error each time, so that <c>||</c> and <c>default()</c> can deal with it.</summary>
internal sealed class ErrorNode(CelValue error) : Node
{
    public override CelValue Eval(ref EvalFrame frame) => error;
}

/// <summary><c>default(x, d)</c>: the second when the first is null, not there or not declared. Other errors stay.</summary>
internal sealed class DefaultNode(Node value, Node fallback) : Node
{
    public override CelValue Eval(ref EvalFrame frame)
    {
        var result = value.Eval(ref frame);
        var missing = result.Kind switch
        {
            CelKind.Null => true,
            CelKind.Error => result.Error!.Code is CelErrorCode.NoSuchKey or CelErrorCode.UndeclaredReference,
            CelKind.Optional => !result.TryGetOptional(out _),
            _ => false,
        };
        return missing ? fallback.Eval(ref frame) : result;
    }
}

/// <summary><c>coalesce(a, b, ...)</c>: the first value that is neither null nor an error; null when one was null, else the last error.</summary>
internal sealed class CoalesceNode(ImmutableArray<Node> candidates) : Node
{
    public override CelValue Eval(ref EvalFrame frame)
    {
        CelValue last = default;
        foreach (var candidate in candidates)
        {
            var value = candidate.Eval(ref frame);
            if (value.Kind is not (CelKind.Null or CelKind.Error))
                return value;
            if (!last.IsNull)
                last = value;
        }

        return last;
    }
}

/// <summary><c>a.or(b)</c> and <c>a.orValue(b)</c>: the alternative is evaluated only when it is needed.</summary>
internal sealed class OptionalOrNode(Node optional, Node alternative, bool unwrap) : Node
{
    public override CelValue Eval(ref EvalFrame frame)
    {
        var value = optional.Eval(ref frame);
        if (value.Kind != CelKind.Optional)
            return EvalErrors.NoOverload(unwrap ? "orValue" : "or", value);
        if (value.TryGetOptional(out var inner))
            return unwrap ? inner : value;
        var other = alternative.Eval(ref frame);
        return unwrap || other.Kind is CelKind.Optional or CelKind.Error ? other : EvalErrors.NoOverload("or", value, other);
    }
}

/// <summary><c>variables()</c>: every variable that has a value.</summary>
internal sealed class VariablesNode(ImmutableArray<CelVariable> variables) : Node
{
    public override CelValue Eval(ref EvalFrame frame)
    {
        var map = new Values.DictionaryCelMap();
        foreach (var variable in variables)
        {
            var value = frame.Activation.GetVariable(variable.Slot);
            if (value.Kind is not (CelKind.Absent or CelKind.Null or CelKind.Error))
                map.Set(CelValue.FromString(variable.Name), value);
        }

        return CelValue.FromMap(map);
    }
}

/// <summary>A call of a custom function: its body over a frame of its own.</summary>
internal sealed class CustomCallNode(CustomFunctionBody body, ImmutableArray<Node> args) : Node
{
    public override CelValue Eval(ref EvalFrame frame)
    {
        if (!frame.TrySpend(body.Cost))
            return EvalErrors.WorkLimit;
        var locals = new CelValue[body.LocalCount];
        for (var i = 0; i < args.Length; i++)
        {
            var value = args[i].Eval(ref frame);
            if (value.IsError)
                return value;
            locals[i] = value;
        }

        var callers = frame.Locals;
        frame.Locals = locals;
        var result = body.Root.Eval(ref frame);
        frame.Locals = callers;
        return result;
    }
}

/// <summary>A compiled custom function. The first locals are its parameters.</summary>
internal sealed class CustomFunctionBody(Node root, int localCount, int cost)
{
    public Node Root => root;

    public int LocalCount => localCount;

    public int Cost => cost;
}
