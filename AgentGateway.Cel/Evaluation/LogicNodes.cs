using System.Collections.Immutable;

namespace AgentGateway.Cel.Evaluation;

/// <summary>A chain of <c>&amp;&amp;</c> (<paramref name="decisive"/> false) or <c>||</c> (true): the decisive value wins over errors on either side.</summary>
internal sealed class LogicNode(bool decisive, ImmutableArray<Node> operands) : ConditionNode
{
    private readonly Truth _decision = decisive ? Truth.True : Truth.False;
    private readonly Truth _indecision = decisive ? Truth.False : Truth.True;
    private readonly Node[] _operands = [.. operands];

    // Most chains are short: these are called from places of their own, which the processor and the compiler learn one by one.
    private readonly Node _first = operands[0];
    private readonly Node _second = operands[1];
    private readonly Node? _third = operands.Length > 2 ? operands[2] : null;

    public override Truth Test(ref EvalFrame frame)
    {
        var truth = _first.Test(ref frame);
        if (truth != _indecision)
            return truth == _decision ? truth : TestRest(ref frame, 1);
        truth = _second.Test(ref frame);
        if (truth != _indecision)
            return truth == _decision ? truth : TestRest(ref frame, 2);
        if (_third is null)
            return _indecision;
        truth = _third.Test(ref frame);
        if (truth != _indecision)
            return truth == _decision ? truth : TestRest(ref frame, 3);
        return _operands.Length == 3 ? _indecision : TestMore(ref frame);
    }

    private Truth TestMore(ref EvalFrame frame)
    {
        var operands = _operands;
        for (var i = 3; i < operands.Length; i++)
        {
            var truth = operands[i].Test(ref frame);
            if (truth != _indecision)
                return truth == _decision ? truth : TestRest(ref frame, i + 1);
        }

        return _indecision;
    }

    /// <summary>After an operand without a truth value: the first such value is the result, unless a later operand decides.</summary>
    private Truth TestRest(ref EvalFrame frame, int next)
    {
        var other = frame.Other;
        for (; next < _operands.Length; next++)
        {
            if (_operands[next].Test(ref frame) == _decision)
                return _decision;
        }

        frame.Other = other.IsError ? other : EvalErrors.NoOverload(decisive ? "_||_" : "_&&_", other);
        return Truth.Other;
    }
}

internal sealed class NotNode(Node operand) : Node
{
    public override CelValue Eval(ref EvalFrame frame)
    {
        var value = operand.Eval(ref frame);
        return value.Kind == CelKind.Bool ? CelValue.FromBool(value.Bits == 0) : EvalErrors.NoOverload("!_", value);
    }
}

internal sealed class ConditionalNode(Node condition, Node yes, Node no) : Node
{
    public override CelValue Eval(ref EvalFrame frame)
    {
        return condition.Test(ref frame) switch
        {
            Truth.True => yes.Eval(ref frame),
            Truth.False => no.Eval(ref frame),
            _ => frame.Other.IsError ? frame.Other : EvalErrors.NotBool,
        };
    }
}
