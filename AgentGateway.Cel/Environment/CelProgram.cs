using AgentGateway.Cel.Evaluation;
using AgentGateway.Cel.Syntax;

namespace AgentGateway.Cel;

/// <summary>A compiled expression. Immutable and thread-safe; evaluating never throws for bad data, never blocks, and ends within its limits.</summary>
public sealed class CelProgram
{
    [ThreadStatic]
    private static CelValue[]? _locals;

    private readonly Expr _expr;
    private readonly Node _root;
    private readonly int _localCount;
    private readonly CelLimits _limits;

    internal CelProgram(string source, Expr expr, Node root, int localCount, CelAttributes attributes, CelType resultType, IReadOnlyList<CelDiagnostic> warnings, CelLimits limits)
    {
        Source = source;
        _expr = expr;
        _root = root;
        _localCount = localCount;
        _limits = limits;
        Attributes = attributes;
        ResultType = resultType;
        Warnings = warnings;
    }

    /// <summary>The text of the expression as it was written.</summary>
    public string Source { get; }

    /// <summary>Which variables and members the expression reads: what a host has to have ready, and nothing more.</summary>
    public CelAttributes Attributes { get; }

    /// <summary>What the checker found odd.</summary>
    public IReadOnlyList<CelDiagnostic> Warnings { get; }

    /// <summary>The type the checker expects of the result.</summary>
    public CelType ResultType { get; }

    /// <summary>True when the result does not depend on any variable: evaluate it once.</summary>
    public bool IsConstant => _root is ConstNode;

    /// <summary>Evaluates the expression.</summary>
    /// <param name="activation">The values of the variables.</param>
    /// <returns>A value of any kind but absent; of kind error when there is none.</returns>
    public CelValue Evaluate(ICelActivation activation)
    {
        ArgumentNullException.ThrowIfNull(activation);
        if (_localCount != 0)
            return EvaluateWithLocals(activation);
        var frame = new EvalFrame(activation, _limits, []);
        var value = _root.Eval(ref frame);
        return value.IsAbsent ? EvalErrors.NoSuchKey : value;
    }

    /// <summary>Evaluates the expression as a condition: what a filter or a rule asks. The same as <see cref="CelValue.IsTrue"/> of the result.</summary>
    /// <param name="activation">The values of the variables.</param>
    /// <returns>True for the boolean <c>true</c>; false for all other values and for errors.</returns>
    public bool IsTrue(ICelActivation activation)
    {
        ArgumentNullException.ThrowIfNull(activation);
        if (_localCount != 0)
            return EvaluateWithLocals(activation).IsTrue;
        var frame = new EvalFrame(activation, _limits, []);
        return _root.Test(ref frame) == Truth.True;
    }

    private CelValue EvaluateWithLocals(ICelActivation activation)
    {
        // Taken while in use: a host function may evaluate another expression on this thread.
        var locals = _locals;
        _locals = null;
        if (locals is null || locals.Length < _localCount)
            locals = new CelValue[Math.Max(_localCount, 8)];
        var frame = new EvalFrame(activation, _limits, locals);
        var result = _root.Eval(ref frame);
        Array.Clear(locals, 0, _localCount);
        _locals = locals;
        return result.IsAbsent ? EvalErrors.NoSuchKey : result;
    }

    /// <summary>The expression in a normal form: one spelling of blanks, quotes and parentheses. Parsing it again gives the same expression.</summary>
    public string Format() => Formatter.Format(_expr);

    /// <inheritdoc/>
    public override string ToString() => Source;
}
