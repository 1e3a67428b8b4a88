namespace AgentGateway.Cel.Evaluation;

/// <summary>A step of a compiled expression. Immutable; never throws; errors are results.</summary>
internal abstract class Node
{
    public abstract CelValue Eval(ref EvalFrame frame);

    /// <summary>Evaluates a condition without carrying its value around; what is no bool, an error mostly, is left in <see cref="EvalFrame.Other"/>.</summary>
    public virtual Truth Test(ref EvalFrame frame)
    {
        var value = Eval(ref frame);
        if (value.Kind == CelKind.Bool)
            return value.Bits != 0 ? Truth.True : Truth.False;
        frame.Other = value;
        return Truth.Other;
    }
}

/// <summary>A step whose result is a truth value, unless it is an error.</summary>
internal abstract class ConditionNode : Node
{
    public sealed override CelValue Eval(ref EvalFrame frame) => Test(ref frame) switch
    {
        Truth.True => CelValue.True,
        Truth.False => CelValue.False,
        _ => frame.Other,
    };

    public abstract override Truth Test(ref EvalFrame frame);
}

internal enum Truth : byte
{
    False,
    True,
    Other,
}

internal sealed class ConstNode(CelValue value) : Node
{
    public CelValue Value => value;

    public override CelValue Eval(ref EvalFrame frame) => value;
}

internal sealed class VariableNode(CelVariable variable) : Node
{
    public CelVariable Variable => variable;

    public override CelValue Eval(ref EvalFrame frame)
    {
        var value = frame.Activation.GetVariable(variable.Slot);
        return value.IsAbsent ? variable.Undeclared : value;
    }
}

internal sealed class LocalNode(int slot) : Node
{
    public override CelValue Eval(ref EvalFrame frame) => frame.Locals[slot];
}
