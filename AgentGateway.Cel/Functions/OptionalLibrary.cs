using AgentGateway.Cel.Evaluation;

namespace AgentGateway.Cel.Functions;

/// <summary>The functions of optionals; <c>or</c> and <c>orValue</c> have steps of their own, <c>optMap</c> and <c>optFlatMap</c> are macros.</summary>
internal static class OptionalLibrary
{
    public static void Register(LibraryBuilder library)
    {
        library.Function("optional.of(A) -> optional(A)", static (in CelCall call) => CelValue.FromOptional(call[0]), "An optional that holds the value.");
        library.Function("optional.ofNonZeroValue(A) -> optional(A)", static (in CelCall call) => IsZero(call[0]) ? CelValue.OptionalNone : CelValue.FromOptional(call[0]), "An optional that holds the value, unless it is null, zero or empty.");
        library.Function("optional.none() -> optional(A)", static (in CelCall call) => CelValue.OptionalNone, "The optional that holds nothing.");
        library.Function("optional.unwrap(list(optional(A))) -> list(A)", Unwrap, "The values of the optionals that hold one.");
        library.Method("list(optional(A)).unwrapOpt() -> list(A)", Unwrap, "The values of the optionals that hold one.");
        library.Method("optional(A).hasValue() -> bool", static (in CelCall call) => CelValue.FromBool(call[0].TryGetOptional(out _)), "Whether it holds a value.");
        library.Method("optional(A).value() -> A", static (in CelCall call) => call[0].TryGetOptional(out var value) ? value : EvalErrors.OptionalNone, "The value; an error when there is none.");
        library.Method("optional(A).or(optional(A)) -> optional(A)", static (in CelCall call) => call[0].TryGetOptional(out _) ? call[0] : call[1], "The optional, or the other when it holds nothing.");
        library.Method("optional(A).orValue(A) -> A", static (in CelCall call) => call[0].TryGetOptional(out var value) ? value : call[1], "The value, or the other when there is none.");
        library.Method("list(A).first() -> optional(A)", static (in CelCall call) => At(call[0], first: true), "The first element.");
        library.Method("list(A).last() -> optional(A)", static (in CelCall call) => At(call[0], first: false), "The last element.");
    }

    private static CelValue At(CelValue value, bool first)
    {
        var list = value.AsList();
        return list.Count == 0 ? CelValue.OptionalNone : CelValue.FromOptional(list[first ? 0 : list.Count - 1]);
    }

    private static CelValue Unwrap(in CelCall call)
    {
        var items = new ListBuilder(0);
        foreach (var item in call[0].AsList())
        {
            if (item.Kind != CelKind.Optional)
                return EvalErrors.NotOptional;
            if (!call.TryReserve(1, 48))
                return EvalErrors.SizeLimit;
            if (item.TryGetOptional(out var value))
                items.Add(value);
        }

        return items.ToValue();
    }

    private static bool IsZero(CelValue value) => value.Kind switch
    {
        CelKind.Null => true,
        CelKind.Bool or CelKind.Int or CelKind.Uint => value.Bits == 0,
        CelKind.Double => value.AsDouble() == 0,
        CelKind.String => value.AsString().Length == 0,
        CelKind.Bytes => value.AsBytes().IsEmpty,
        CelKind.List => value.AsList().Count == 0,
        CelKind.Map => value.AsMap().Count == 0,
        CelKind.Duration => value.Bits == 0 && value.Nanoseconds == 0,
        CelKind.Optional => !value.TryGetOptional(out _),
        _ => false,
    };
}
