using System.Collections.Immutable;

namespace AgentGateway.Cel.Evaluation;

/// <summary>A chain of <c>&amp;&amp;</c> (<paramref name="decisive"/> false) or <c>||</c> (true): the decisive value wins over errors on either side.</summary>
internal sealed class LogicNode(bool decisive, ImmutableArray<Node> operands) : Node
{
    public override CelValue Eval(ref EvalFrame frame)
    {
        CelValue error = default;
        foreach (var operand in operands)
        {
            var value = operand.Eval(ref frame);
            if (value.Kind == CelKind.Bool)
            {
                if ((value.Bits != 0) == decisive)
                    return value;
            }
            else if (error.IsAbsent)
            {
                error = value.IsError ? value : EvalErrors.NoOverload(decisive ? "_||_" : "_&&_", value);
            }
        }

        return error.IsAbsent ? CelValue.FromBool(!decisive) : error;
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
        var value = condition.Eval(ref frame);
        if (value.Kind != CelKind.Bool)
            return value.IsError ? value : EvalErrors.NotBool;
        return value.Bits != 0 ? yes.Eval(ref frame) : no.Eval(ref frame);
    }
}
