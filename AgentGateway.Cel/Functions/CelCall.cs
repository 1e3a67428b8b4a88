using AgentGateway.Cel.Evaluation;

namespace AgentGateway.Cel;

/// <summary>The arguments of a function call, and the budget of the evaluation it belongs to.</summary>
public readonly ref struct CelCall
{
    private readonly ref EvalFrame _frame;
    private readonly ReadOnlySpan<CelValue> _args;

    internal CelCall(ref EvalFrame frame, ReadOnlySpan<CelValue> args)
    {
        _frame = ref frame;
        _args = args;
    }

    /// <summary>The error for a function that <see cref="TrySpend"/> stopped.</summary>
    public static CelValue OutOfWork => EvalErrors.WorkLimit;

    /// <summary>The error for a function that <see cref="TryReserve"/> stopped.</summary>
    public static CelValue TooLarge => EvalErrors.SizeLimit;

    /// <summary>Number of arguments, the receiver included.</summary>
    public int Count => _args.Length;

    /// <summary>An argument; the receiver is the first.</summary>
    /// <param name="index">Its place.</param>
    public ref readonly CelValue this[int index] => ref _args[index];

    /// <summary>Where to draw random numbers from.</summary>
    public Random Random => _frame.Activation.Random;

    /// <summary>The bounds of the evaluation.</summary>
    public CelLimits Limits => _frame.Limits;

    internal ReadOnlySpan<CelValue> Args => _args;

    internal ref EvalFrame Frame => ref _frame;

    /// <summary>Counts work that grows with the arguments.</summary>
    /// <param name="work">One for each element or 32 characters walked.</param>
    /// <returns>False when the budget is used up; return <see cref="OutOfWork"/> then.</returns>
    public bool TrySpend(long work) => _frame.TrySpend(work);

    /// <summary>Asks for room for a result before it is built.</summary>
    /// <param name="length">Its length, in characters, bytes or elements.</param>
    /// <param name="elementSize">Bytes for each.</param>
    /// <returns>False when it would be too large; return <see cref="TooLarge"/> then.</returns>
    public bool TryReserve(long length, int elementSize = 2) => _frame.TryReserve(length, elementSize);
}
