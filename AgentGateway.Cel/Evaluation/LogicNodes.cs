using System.Collections.Immutable;

namespace AgentGateway.Cel.Evaluation;

/// <summary>A chain of <c>&amp;&amp;</c> (<paramref name="decisive"/> false) or <c>||</c> (true): the decisive value wins over errors on either side.</summary>
internal sealed class LogicNode(bool decisive, ImmutableArray<Node> operands) : Node
{
    private readonly Node[] _operands = [.. operands];

    public override CelValue Eval(ref EvalFrame frame)
    {
        CelValue other = default;
        var truth = Test(ref frame, ref other);
        return truth == Truth.Other ? other : CelValue.FromBool(truth == Truth.True);
    }

    public override Truth Test(ref EvalFrame frame, ref CelValue other)
    {
        var decision = decisive ? Truth.True : Truth.False;
        var failed = false;
        foreach (var operand in _operands)
        {
            CelValue value = default;
            var truth = operand.Test(ref frame, ref value);
            if (truth == decision)
                return decision;
            if (truth == Truth.Other && !failed)
            {
                failed = true;
                other = value.IsError ? value : EvalErrors.NoOverload(decisive ? "_||_" : "_&&_", value);
            }
        }

        return failed ? Truth.Other : decisive ? Truth.False : Truth.True;
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
        CelValue other = default;
        return condition.Test(ref frame, ref other) switch
        {
            Truth.True => yes.Eval(ref frame),
            Truth.False => no.Eval(ref frame),
            _ => other.IsError ? other : EvalErrors.NotBool,
        };
    }
}
