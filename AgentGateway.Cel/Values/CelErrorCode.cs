namespace AgentGateway.Cel;

/// <summary>Why an evaluation has no value. Hosts branch on this; the text of <see cref="CelError.Message"/> is for people.</summary>
public enum CelErrorCode
{
    /// <summary>A map or object has no such key or member.</summary>
    NoSuchKey,

    /// <summary>A variable or function name nobody declared.</summary>
    UndeclaredReference,

    /// <summary>No overload of the function or operator takes these argument types.</summary>
    NoSuchOverload,

    /// <summary>The argument has the right type but a value the function cannot take.</summary>
    InvalidArgument,

    /// <summary>An integer, timestamp or duration result is out of range.</summary>
    Overflow,

    /// <summary>Integer division or modulus by zero.</summary>
    DivideByZero,

    /// <summary>A list or string index out of range.</summary>
    IndexOutOfRange,

    /// <summary>A map literal names a key twice.</summary>
    DuplicateKey,

    /// <summary><c>value()</c> of an optional that holds none.</summary>
    OptionalNone,

    /// <summary>The expression called <c>fail()</c>.</summary>
    Failed,

    /// <summary>A <c>flatten</c> marker was used where only a whole field value may stand.</summary>
    MisplacedFlatten,

    /// <summary>A regular expression does not parse, or uses what linear-time matching cannot offer.</summary>
    InvalidRegex,

    /// <summary>More comprehension iterations than <see cref="CelLimits.MaxIterations"/>.</summary>
    IterationLimit,

    /// <summary>More work than <see cref="CelLimits.MaxWork"/>.</summary>
    WorkLimit,

    /// <summary>A string, byte sequence or list longer than <see cref="CelLimits.MaxValueSize"/>, or more memory than <see cref="CelLimits.MaxMemory"/>.</summary>
    SizeLimit,

    /// <summary>A regular expression over <see cref="CelLimits.MaxRegexLength"/>, or one that matches too slowly.</summary>
    RegexLimit,

    /// <summary>A value nested deeper than <see cref="CelLimits.MaxValueDepth"/>.</summary>
    DepthLimit,

    /// <summary>The host could not provide the value (for example a body over its buffering limit).</summary>
    Unavailable,
}
