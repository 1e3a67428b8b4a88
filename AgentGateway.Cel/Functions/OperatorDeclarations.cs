using AgentGateway.Cel.Evaluation;
using AgentGateway.Cel.Syntax;

namespace AgentGateway.Cel.Functions;

/// <summary>The signatures of the operators, for the checker; the evaluation has steps of its own for them.</summary>
internal static class OperatorDeclarations
{
    private static readonly CelFunctionBody NotCalled = static (in CelCall call) => EvalErrors.NoOverload("operator", call.Args);

    public static void Register(LibraryBuilder library, CelLeniency leniency, bool optionals)
    {
        void Declare(string name, params ReadOnlySpan<string> signatures)
        {
            foreach (var signature in signatures)
                library.Function(name + signature, NotCalled);
        }

        var loose = (leniency & CelLeniency.LooseTypes) != 0;
        Declare(Operators.Conditional, "(bool, A, A) -> A");
        Declare(Operators.Not, "(bool) -> bool");
        Declare(Operators.Negate, "(int) -> int", "(double) -> double");
        Declare(Operators.Equal, "(A, A) -> bool");
        Declare(Operators.NotEqual, "(A, A) -> bool");
        Declare(Operators.In, "(A, list(A)) -> bool", "(A, map(A, B)) -> bool");
        if (loose)
        {
            Declare(Operators.Conditional, "(bool, dyn, dyn) -> dyn");
            Declare(Operators.Equal, "(dyn, dyn) -> bool");
            Declare(Operators.NotEqual, "(dyn, dyn) -> bool");
            Declare(Operators.In, "(dyn, list) -> bool", "(dyn, map) -> bool");
        }

        if ((leniency & CelLeniency.StringInString) != 0)
            Declare(Operators.In, "(string, string) -> bool");

        string[] numbers = ["int", "uint", "double"];
        foreach (var comparison in (string[])[Operators.Less, Operators.LessEqual, Operators.Greater, Operators.GreaterEqual])
        {
            foreach (var type in (string[])["bool", "string", "bytes", "timestamp", "duration"])
                Declare(comparison, $"({type}, {type}) -> bool");
            foreach (var left in numbers)
            {
                foreach (var right in numbers)
                    Declare(comparison, $"({left}, {right}) -> bool");
            }
        }

        foreach (var operation in (string[])[Operators.Add, Operators.Subtract, Operators.Multiply, Operators.Divide, Operators.Modulo])
        {
            Declare(operation, "(int, int) -> int", "(uint, uint) -> uint");
            if (operation != Operators.Modulo)
                Declare(operation, "(double, double) -> double");
            if ((leniency & CelLeniency.MixedIntegers) != 0)
                Declare(operation, "(int, uint) -> dyn", "(uint, int) -> dyn");
        }

        Declare(Operators.Add, "(string, string) -> string", "(bytes, bytes) -> bytes", "(list(A), list(A)) -> list(A)");
        if (loose)
            Declare(Operators.Add, "(list, list) -> list");
        Declare(Operators.Add, "(timestamp, duration) -> timestamp", "(duration, timestamp) -> timestamp", "(duration, duration) -> duration");
        Declare(Operators.Subtract, "(timestamp, timestamp) -> duration", "(timestamp, duration) -> timestamp", "(duration, duration) -> duration");
        Declare(Operators.Index, "(list(A), int) -> A", "(map(A, B), A) -> B");
        if (loose)
            Declare(Operators.Index, "(list(A), uint) -> A", "(map(A, B), dyn) -> B");
        if (optionals)
        {
            Declare(Operators.Index, "(optional(list(A)), int) -> optional(A)", "(optional(map(A, B)), A) -> optional(B)");
            Declare(Operators.OptionalIndex, "(list(A), int) -> optional(A)", "(optional(list(A)), int) -> optional(A)", "(map(A, B), A) -> optional(B)", "(optional(map(A, B)), A) -> optional(B)");
        }
    }
}
