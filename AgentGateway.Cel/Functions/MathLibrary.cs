using AgentGateway.Cel.Evaluation;
using AgentGateway.Cel.Values;

namespace AgentGateway.Cel.Functions;

/// <summary>The math extension.</summary>
internal static class MathLibrary
{
    private const int MaxMaskBytes = 32;
    private static readonly CelValue NoNumbers = ConversionLibrary.Bad("needs at least one number");
    private static readonly CelValue NegativeShift = ConversionLibrary.Bad("shift by a negative number");
    private static readonly CelValue NegativeMask = ConversionLibrary.Bad("bit operations on bytes take no negative number");
    private static readonly CelValue BadMask = ConversionLibrary.Bad("bit operations take up to 32 bytes");

    public static void Register(LibraryBuilder library)
    {
        foreach (var (parameters, result) in ((string, string)[])[("int, int...", "int"), ("uint, uint...", "uint"), ("double, double...", "double"), ("dyn, dyn...", "dyn")])
        {
            library.Function($"math.greatest({parameters}) -> {result}", static (in CelCall call) => Pick(call, 1, NoNumbers, "math.greatest"), "The largest number of the arguments, or of one list.");
            library.Function($"math.least({parameters}) -> {result}", static (in CelCall call) => Pick(call, -1, NoNumbers, "math.least"), "The smallest number of the arguments, or of one list.");
        }

        Rounding(library, "ceil", "The next whole number up.", Math.Ceiling);
        Rounding(library, "floor", "The next whole number down.", Math.Floor);
        Rounding(library, "round", "The nearest whole number, halves away from zero.", static x => Math.Round(x, MidpointRounding.AwayFromZero));
        Rounding(library, "trunc", "The number without its fraction.", Math.Truncate);
        Test(library, "isInf", "Whether the number is infinite.", double.IsInfinity);
        Test(library, "isNaN", "Whether the number is not a number.", double.IsNaN);
        Test(library, "isFinite", "Whether the number is finite.", double.IsFinite);
        library.Function("math.abs(int) -> int", static (in CelCall call) => call[0].Bits == long.MinValue ? EvalErrors.IntOverflow : CelValue.FromInt(Math.Abs(call[0].Bits)), "The number without its sign.");
        library.Function("math.abs(uint) -> uint", static (in CelCall call) => call[0], "The number without its sign.");
        library.Function("math.abs(double) -> double", static (in CelCall call) => CelValue.FromDouble(Math.Abs(call[0].AsDouble())), "The number without its sign.");
        library.Function("math.sign(int) -> int", static (in CelCall call) => CelValue.FromInt(Math.Sign(call[0].Bits)), "-1, 0 or 1.");
        library.Function("math.sign(uint) -> uint", static (in CelCall call) => CelValue.FromUint(call[0].Bits == 0 ? 0u : 1u), "0 or 1.");
        library.Function("math.sign(double) -> double", static (in CelCall call) => CelValue.FromDouble(double.IsNaN(call[0].AsDouble()) ? double.NaN : Math.Sign(call[0].AsDouble())), "-1, 0 or 1.");
        foreach (var type in (string[])["int", "uint", "double"])
            library.Function($"math.sqrt({type}) -> double", static (in CelCall call) => CelValue.FromDouble(call[0].TryGetNumber(out var x) ? Math.Sqrt(x) : double.NaN), "The square root.");
        Bits(library, "bitAnd", "Bits set in both.", static (a, b) => a & b);
        Bits(library, "bitOr", "Bits set in either.", static (a, b) => a | b);
        Bits(library, "bitXor", "Bits set in one of the two.", static (a, b) => a ^ b);
        library.Function("math.bitNot(int) -> int", static (in CelCall call) => CelValue.FromInt(~call[0].Bits), "All bits the other way.");
        library.Function("math.bitNot(uint) -> uint", static (in CelCall call) => CelValue.FromUint(~call[0].AsUint()), "All bits the other way.");
        library.Function("math.bitNot(bytes) -> bytes", static (in CelCall call) => call[0].AsBytes().Length > MaxMaskBytes ? BadMask : CelValue.FromBytes(Array.ConvertAll(call[0].AsBytes().ToArray(), static b => (byte)~b)), "All bits the other way.");
        foreach (var type in (string[])["int", "uint"])
        {
            library.Function($"math.bitShiftLeft({type}, int) -> {type}", static (in CelCall call) =>
                call[1].Bits < 0 ? NegativeShift : new CelValue((CelReference)call[0].Ref!, call[1].Bits > 63 ? 0 : call[0].Bits << (int)call[1].Bits), "Bits moved up; 0 for 64 places and more.");
            library.Function($"math.bitShiftRight({type}, int) -> {type}", static (in CelCall call) =>
                call[1].Bits < 0 ? NegativeShift : new CelValue((CelReference)call[0].Ref!, call[1].Bits > 63 ? 0 : call[0].Bits >>> (int)call[1].Bits), "Bits moved down without the sign; 0 for 64 places and more.");
        }
    }

    /// <summary>The largest (<paramref name="sign"/> 1) or smallest (-1) of the arguments, or of the one list.</summary>
    public static CelValue Pick(in CelCall call, int sign, CelValue empty, string name)
    {
        if (call.Count == 1 && call[0].Kind == CelKind.List)
        {
            var list = call[0].AsList();
            if (!call.TrySpend(list.Count))
                return EvalErrors.WorkLimit;
            CelValue best = default;
            foreach (var item in list)
            {
                if (!IsNumber(item))
                    return EvalErrors.NoOverload(name, item);
                if (best.IsAbsent || Better(item, best, sign))
                    best = item;
            }

            return best.IsAbsent ? empty : best;
        }

        if (call.Count == 0)
            return empty;
        var result = call[0];
        foreach (ref readonly var item in call.Args)
        {
            if (!IsNumber(item))
                return EvalErrors.NoOverload(name, call.Args);
            if (Better(item, result, sign))
                result = item;
        }

        return result;
    }

    private static bool IsNumber(CelValue value) => value.Kind is CelKind.Int or CelKind.Uint or CelKind.Double;

    private static bool Better(CelValue item, CelValue best, int sign)
    {
        var order = CelEquality.Compare(item, best);
        return order != CelEquality.Unordered && Math.Sign(order) == sign;
    }

    private static void Rounding(LibraryBuilder library, string name, string description, Func<double, double> round) =>
        library.Function($"math.{name}(double) -> double", (in CelCall call) => CelValue.FromDouble(round(call[0].AsDouble())), description);

    private static void Test(LibraryBuilder library, string name, string description, Func<double, bool> test) =>
        library.Function($"math.{name}(double) -> bool", (in CelCall call) => CelValue.FromBool(test(call[0].AsDouble())), description);

    private static void Bits(LibraryBuilder library, string name, string description, Func<long, long, long> combine)
    {
        library.Function($"math.{name}(int, int) -> int", (in CelCall call) => CelValue.FromInt(combine(call[0].Bits, call[1].Bits)), description);
        library.Function($"math.{name}(uint, uint) -> uint", (in CelCall call) => new CelValue(CelScalar.Uint, combine(call[0].Bits, call[1].Bits)), description);
        library.Function($"math.{name}(bytes, bytes) -> bytes", (in CelCall call) =>
        {
            var a = call[0].AsBytes().Span;
            var b = call[1].AsBytes().Span;
            if (a.Length > MaxMaskBytes || b.Length > MaxMaskBytes)
                return BadMask;

            // The last byte is the lowest one: the shorter operand is filled up with zeros at its front.
            var result = new byte[Math.Max(a.Length, b.Length)];
            for (var i = 1; i <= result.Length; i++)
                result[^i] = (byte)combine(i <= a.Length ? a[^i] : 0, i <= b.Length ? b[^i] : 0);
            return CelValue.FromBytes(result);
        }, description);
        foreach (var type in (string[])["int", "uint"])
        {
            library.Function($"math.{name}({type}, bytes) -> {type}", (in CelCall call) => WithBytes(call[0], call[1], combine), description + " Of the bytes the last eight count.");
            library.Function($"math.{name}(bytes, {type}) -> {type}", (in CelCall call) => WithBytes(call[1], call[0], combine), description + " Of the bytes the last eight count.");
        }
    }

    private static CelValue WithBytes(CelValue number, CelValue bytes, Func<long, long, long> combine)
    {
        if (number.Kind == CelKind.Int && number.Bits < 0)
            return NegativeMask;
        var low = 0L;
        foreach (var b in bytes.AsBytes().Span[^Math.Min(bytes.AsBytes().Length, sizeof(long))..])
            low = low << 8 | b;
        return new CelValue((CelReference)number.Ref!, combine(number.Bits, low));
    }
}
