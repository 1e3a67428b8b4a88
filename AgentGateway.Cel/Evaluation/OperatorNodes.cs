using AgentGateway.Cel.Values;

namespace AgentGateway.Cel.Evaluation;

/// <summary><c>==</c> and <c>!=</c>.</summary>
internal sealed class EqualNode(Node left, Node right, bool negated) : Node
{
    public override CelValue Eval(ref EvalFrame frame)
    {
        var a = left.Eval(ref frame);
        if (a.IsError)
            return a;
        var b = right.Eval(ref frame);
        if (b.IsError)
            return b;
        if (a.Kind == CelKind.Flattened || b.Kind == CelKind.Flattened)
            return EvalErrors.MisplacedFlatten;
        return Operations.Result(CelEquality.AreEqual(a, b, ref frame.Work), negated);
    }
}

/// <summary><c>x == "literal"</c>, the most frequent comparison.</summary>
internal sealed class EqualStringNode(Node operand, string literal, bool negated) : ConditionNode
{
    private readonly MemberPathNode? _path = operand as MemberPathNode;

    // The host's own literal where it has one: equal by reference.
    private readonly string _literal = string.IsInterned(literal) ?? literal;

    public override Truth Test(ref EvalFrame frame)
    {
        var value = _path is not null ? _path.Eval(ref frame) : operand.Eval(ref frame);
        if (value.Ref is not string text)
            return TestOther(value, ref frame);
        return string.Equals(text, _literal) != negated ? Truth.True : Truth.False;
    }

    private Truth TestOther(CelValue value, ref EvalFrame frame)
    {
        switch (value.Kind)
        {
            case CelKind.String:
                return value.Tape.StringEquals((int)value.Bits, _literal) != negated ? Truth.True : Truth.False;
            case CelKind.Error:
                frame.Other = value;
                return Truth.Other;
            case CelKind.Flattened:
                frame.Other = EvalErrors.MisplacedFlatten;
                return Truth.Other;
            default:
                return negated ? Truth.True : Truth.False;
        }
    }
}

internal enum Order
{
    Less,
    LessEqual,
    Greater,
    GreaterEqual,
}

internal sealed class CompareNode(Node left, Node right, Order order) : Node
{
    public override CelValue Eval(ref EvalFrame frame)
    {
        var a = left.Eval(ref frame);
        if (a.IsError)
            return a;
        var b = right.Eval(ref frame);
        if (b.IsError)
            return b;
        if (!CelEquality.Comparable(a.Kind, b.Kind))
            return EvalErrors.NoOverload(order switch { Order.Less => "_<_", Order.LessEqual => "_<=_", Order.Greater => "_>_", _ => "_>=_" }, a, b);
        if (!frame.TryWalk(a))
            return EvalErrors.WorkLimit;
        var result = CelEquality.Compare(a, b);
        return CelValue.FromBool(result != CelEquality.Unordered && order switch
        {
            Order.Less => result < 0,
            Order.LessEqual => result <= 0,
            Order.Greater => result > 0,
            _ => result >= 0,
        });
    }
}

/// <summary><c>x in y</c>: elements of a list, keys of a map, and leniently parts of a string.</summary>
internal sealed class InNode(Node needle, Node haystack, bool stringInString) : Node
{
    public override CelValue Eval(ref EvalFrame frame)
    {
        var item = needle.Eval(ref frame);
        if (item.IsError)
            return item;
        if (item.Kind == CelKind.Flattened)
            return EvalErrors.MisplacedFlatten;
        var container = haystack.Eval(ref frame);
        switch (container.Kind)
        {
            case CelKind.Error:
                return container;
            case CelKind.List:
                foreach (var element in container.AsList())
                {
                    var equal = CelEquality.AreEqual(element, item, ref frame.Work);
                    if (equal != CelEquality.NotEqual)
                        return Operations.Result(equal, negated: false);
                }

                return CelValue.False;
            case CelKind.Map:
                return frame.TryLookUp(item) ? CelValue.FromBool(!container.AsMap().Get(item).IsAbsent) : EvalErrors.WorkLimit;
            case CelKind.String when stringInString && item.Kind == CelKind.String:
                if (!frame.TrySearch(container.AsString().Length, item.AsString().Length))
                    return EvalErrors.WorkLimit;
                return CelValue.FromBool(container.AsString().Contains(item.AsString(), StringComparison.Ordinal));
            default:
                return EvalErrors.NoOverload("@in", item, container);
        }
    }
}

internal enum Arithmetic
{
    Add,
    Subtract,
    Multiply,
    Divide,
    Modulo,
}

internal sealed class ArithmeticNode(Node left, Node right, Arithmetic operation, bool mixedIntegers) : Node
{
    public override CelValue Eval(ref EvalFrame frame)
    {
        var a = left.Eval(ref frame);
        if (a.IsError)
            return a;
        var b = right.Eval(ref frame);
        if (b.IsError)
            return b;
        return Operations.Arithmetic(ref frame, operation, a, b, mixedIntegers);
    }
}

internal sealed class NegateNode(Node operand) : Node
{
    public override CelValue Eval(ref EvalFrame frame)
    {
        var value = operand.Eval(ref frame);
        return value.Kind switch
        {
            CelKind.Int => value.Bits == long.MinValue ? EvalErrors.IntOverflow : CelValue.FromInt(-value.Bits),
            CelKind.Double => CelValue.FromDouble(-value.AsDouble()),
            _ => EvalErrors.NoOverload("-_", value),
        };
    }
}
