namespace AgentGateway.Cel.Evaluation;

/// <summary>Errors with a fixed text, made once.</summary>
internal static class EvalErrors
{
    public static readonly CelValue IterationLimit = CelValue.FromError(CelErrorCode.IterationLimit, "too many iterations");
    public static readonly CelValue WorkLimit = CelValue.FromError(CelErrorCode.WorkLimit, "evaluation takes too much work");
    public static readonly CelValue SizeLimit = CelValue.FromError(CelErrorCode.SizeLimit, "result is too large");
    public static readonly CelValue DepthLimit = CelValue.FromError(CelErrorCode.DepthLimit, "value is nested too deep");
    public static readonly CelValue IntOverflow = CelValue.FromError(CelErrorCode.Overflow, "integer overflow");
    public static readonly CelValue UintOverflow = CelValue.FromError(CelErrorCode.Overflow, "unsigned integer overflow");
    public static readonly CelValue RangeOverflow = CelValue.FromError(CelErrorCode.Overflow, "number out of range");
    public static readonly CelValue DivideByZero = CelValue.FromError(CelErrorCode.DivideByZero, "division by zero");
    public static readonly CelValue ModulusByZero = CelValue.FromError(CelErrorCode.DivideByZero, "modulus by zero");
    public static readonly CelValue IndexOutOfRange = CelValue.FromError(CelErrorCode.IndexOutOfRange, "index out of range");
    public static readonly CelValue NoSuchKey = CelValue.FromError(CelErrorCode.NoSuchKey, "no such key");
    public static readonly CelValue OptionalNone = CelValue.FromError(CelErrorCode.OptionalNone, "optional.none() has no value");
    public static readonly CelValue MisplacedFlatten = CelValue.FromError(CelErrorCode.MisplacedFlatten, "the result of flatten() can only be a whole field value");
    public static readonly CelValue NotBool = CelValue.FromError(CelErrorCode.NoSuchOverload, "condition is not a bool");
    public static readonly CelValue NotIterable = CelValue.FromError(CelErrorCode.NoSuchOverload, "only lists and maps can be iterated");
    public static readonly CelValue NotOptional = CelValue.FromError(CelErrorCode.NoSuchOverload, "value is not an optional");
    public static readonly CelValue BadKey = CelValue.FromError(CelErrorCode.InvalidArgument, "map keys are int, uint, bool or string");
    public static readonly CelValue DuplicateKey = CelValue.FromError(CelErrorCode.DuplicateKey, "map names a key twice");
    public static readonly CelValue NotComparable = CelValue.FromError(CelErrorCode.NoSuchOverload, "values have no order");
    public static readonly CelValue NoMessages = CelValue.FromError(CelErrorCode.UndeclaredReference, "there are no message types");
    public static readonly CelValue RegexLimit = CelValue.FromError(CelErrorCode.RegexLimit, "regular expression takes too long");

    /// <summary>What an operator or function says to arguments it has no overload for. Names types, never values.</summary>
    public static CelValue NoOverload(string function, params ReadOnlySpan<CelValue> args)
    {
        var names = new string[args.Length];
        for (var i = 0; i < args.Length; i++)
        {
            if (args[i].IsError)
                return args[i];
            if (args[i].Kind == CelKind.Flattened)
                return MisplacedFlatten;
            names[i] = args[i].RuntimeType.Name;
        }

        return CelValue.FromError(CelErrorCode.NoSuchOverload, $"no such overload: {function}({string.Join(", ", names)})");
    }
}
