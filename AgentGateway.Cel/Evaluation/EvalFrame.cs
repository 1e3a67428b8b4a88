namespace AgentGateway.Cel.Evaluation;

/// <summary>The state of one evaluation. Lives on the stack of <see cref="CelProgram.Evaluate"/>.</summary>
internal struct EvalFrame
{
    public readonly ICelActivation Activation;
    public readonly CelLimits Limits;

    /// <summary>Variables of macros and parameters, by the slot the planner gave them.</summary>
    public CelValue[] Locals;

    /// <summary>The value of a condition that was neither true nor false.</summary>
    public CelValue Other;

    public long Work;
    private long _memory;
    private int _iterations;

    public EvalFrame(ICelActivation activation, CelLimits limits, CelValue[] locals)
    {
        Activation = activation;
        Limits = limits;
        Locals = locals;
        Work = limits.MaxWork;
        _memory = limits.MaxMemory;
        _iterations = limits.MaxIterations;
    }

    public bool TrySpend(long work) => (Work -= work) >= 0;

    /// <summary>Counts the text of an operand that is about to be walked, compared or hashed.</summary>
    public bool TryWalk(in CelValue value)
    {
        if (value.Ref is string text)
            return text.Length < 32 || TrySpend(text.Length >> 5);
        return value.Kind switch
        {
            CelKind.String => TrySpend(value.Tape.Length((int)value.Bits) >> 5),
            CelKind.Bytes => TrySpend(value.AsBytes().Length >> 5),
            _ => true,
        };
    }

    /// <summary>Counts a computed key, which is hashed, compared and, for a host object, encoded.</summary>
    public bool TryLookUp(in CelValue key)
    {
        if (key.Kind != CelKind.String)
            return true;
        var length = key.Ref is string text ? text.Length : key.Tape.Length((int)key.Bits);
        return length < 32 || TrySpend(length >> 2);
    }

    /// <summary>Counts a search for a part, which may be compared at every place of the text.</summary>
    public bool TrySearch(int length, int part) => TrySpend(1 + (length >> 5) + ((long)length * part >> 14));

    public bool TryReserve(long length, int elementSize)
    {
        if (length > Limits.MaxValueSize)
            return false;
        _memory -= length * elementSize + 32;
        return _memory >= 0 && TrySpend(length >> 5);
    }

    /// <summary>Counts one round of a loop; false, with the error, when there may be no more.</summary>
    public bool TryIterate(int bodyWork, out CelValue error)
    {
        if (--_iterations < 0)
        {
            error = EvalErrors.IterationLimit;
            return false;
        }

        if ((Work -= bodyWork) < 0)
        {
            error = EvalErrors.WorkLimit;
            return false;
        }

        error = default;
        return true;
    }
}
