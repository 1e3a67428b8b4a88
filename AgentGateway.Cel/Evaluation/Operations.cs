using AgentGateway.Cel.Values;

namespace AgentGateway.Cel.Evaluation;

/// <summary>The arithmetic operators over values. Integers are checked, times are bounded, nothing is converted unless it is exact and allowed.</summary>
internal static class Operations
{
    /// <summary>The value for an answer of <see cref="CelEquality.AreEqual"/>.</summary>
    public static CelValue Result(int equal, bool negated) => equal switch
    {
        CelEquality.OutOfWork => EvalErrors.WorkLimit,
        CelEquality.TooDeep => EvalErrors.DepthLimit,
        _ => CelValue.FromBool((equal == CelEquality.Equal) != negated),
    };

    public static CelValue Arithmetic(ref EvalFrame frame, Arithmetic operation, CelValue a, CelValue b, bool mixedIntegers)
    {
        switch (a.Kind)
        {
            case CelKind.Int when b.Kind == CelKind.Int:
                return Signed(operation, a.Bits, b.Bits);
            case CelKind.Uint when b.Kind == CelKind.Uint:
                return Unsigned(operation, unchecked((ulong)a.Bits), unchecked((ulong)b.Bits));
            case CelKind.Int or CelKind.Uint when mixedIntegers && b.Kind is CelKind.Int or CelKind.Uint:
                return Mixed(operation, Wide(a), Wide(b));
            case CelKind.Double when b.Kind == CelKind.Double:
                return Double(operation, a.AsDouble(), b.AsDouble(), a, b);
            case CelKind.Timestamp or CelKind.Duration when b.Kind is CelKind.Timestamp or CelKind.Duration:
                return Time(operation, a, b);
        }

        if (operation == Evaluation.Arithmetic.Add && a.Kind == b.Kind)
        {
            switch (a.Kind)
            {
                case CelKind.String:
                    return Concat(ref frame, a.AsString(), b.AsString());
                case CelKind.Bytes:
                    return Concat(ref frame, a.AsBytes().Span, b.AsBytes().Span);
                case CelKind.List:
                    return Concat(ref frame, a, b);
            }
        }

        return EvalErrors.NoOverload(operation switch
        {
            Evaluation.Arithmetic.Add => "_+_",
            Evaluation.Arithmetic.Subtract => "_-_",
            Evaluation.Arithmetic.Multiply => "_*_",
            Evaluation.Arithmetic.Divide => "_/_",
            _ => "_%_",
        }, a, b);
    }

    private static CelValue Signed(Arithmetic operation, long a, long b)
    {
        long result;
        switch (operation)
        {
            case Evaluation.Arithmetic.Add:
                result = unchecked(a + b);
                return ((a ^ result) & (b ^ result)) < 0 ? EvalErrors.IntOverflow : CelValue.FromInt(result);
            case Evaluation.Arithmetic.Subtract:
                result = unchecked(a - b);
                return ((a ^ b) & (a ^ result)) < 0 ? EvalErrors.IntOverflow : CelValue.FromInt(result);
            case Evaluation.Arithmetic.Multiply:
                var product = (Int128)a * b;
                return product < long.MinValue || product > long.MaxValue ? EvalErrors.IntOverflow : CelValue.FromInt((long)product);
            case Evaluation.Arithmetic.Divide:
                return b == 0 ? EvalErrors.DivideByZero : a == long.MinValue && b == -1 ? EvalErrors.IntOverflow : CelValue.FromInt(a / b);
            default:
                return b == 0 ? EvalErrors.ModulusByZero : b == -1 ? (a == long.MinValue ? EvalErrors.IntOverflow : CelValue.FromInt(0)) : CelValue.FromInt(a % b);
        }
    }

    private static CelValue Unsigned(Arithmetic operation, ulong a, ulong b)
    {
        switch (operation)
        {
            case Evaluation.Arithmetic.Add:
                return unchecked(a + b) < a ? EvalErrors.UintOverflow : CelValue.FromUint(unchecked(a + b));
            case Evaluation.Arithmetic.Subtract:
                return b > a ? EvalErrors.UintOverflow : CelValue.FromUint(a - b);
            case Evaluation.Arithmetic.Multiply:
                return Math.BigMul(a, b, out var low) != 0 ? EvalErrors.UintOverflow : CelValue.FromUint(low);
            case Evaluation.Arithmetic.Divide:
                return b == 0 ? EvalErrors.DivideByZero : CelValue.FromUint(a / b);
            default:
                return b == 0 ? EvalErrors.ModulusByZero : CelValue.FromUint(a % b);
        }
    }

    private static Int128 Wide(CelValue value) => value.Kind == CelKind.Int ? value.Bits : (Int128)unchecked((ulong)value.Bits);

    /// <summary>int with uint: the exact result, as int where it fits and as uint beyond.</summary>
    private static CelValue Mixed(Arithmetic operation, Int128 a, Int128 b)
    {
        if (b == 0 && operation is Evaluation.Arithmetic.Divide or Evaluation.Arithmetic.Modulo)
            return operation == Evaluation.Arithmetic.Divide ? EvalErrors.DivideByZero : EvalErrors.ModulusByZero;
        var result = operation switch
        {
            Evaluation.Arithmetic.Add => a + b,
            Evaluation.Arithmetic.Subtract => a - b,
            Evaluation.Arithmetic.Multiply => a * b,
            Evaluation.Arithmetic.Divide => a / b,
            _ => a % b,
        };
        if (result >= long.MinValue && result <= long.MaxValue)
            return CelValue.FromInt((long)result);
        return result > 0 && result <= ulong.MaxValue ? CelValue.FromUint((ulong)result) : EvalErrors.IntOverflow;
    }

    private static CelValue Double(Arithmetic operation, double a, double b, CelValue left, CelValue right) => operation switch
    {
        Evaluation.Arithmetic.Add => CelValue.FromDouble(a + b),
        Evaluation.Arithmetic.Subtract => CelValue.FromDouble(a - b),
        Evaluation.Arithmetic.Multiply => CelValue.FromDouble(a * b),
        Evaluation.Arithmetic.Divide => CelValue.FromDouble(a / b),
        _ => EvalErrors.NoOverload("_%_", left, right),
    };

    private static CelValue Time(Arithmetic operation, CelValue a, CelValue b)
    {
        var x = CelTime.Nanos(a);
        var y = CelTime.Nanos(b);
        return (operation, a.Kind, b.Kind) switch
        {
            (Evaluation.Arithmetic.Add, CelKind.Timestamp, CelKind.Duration) => CelTime.TimestampFromNanos(x + y),
            (Evaluation.Arithmetic.Add, CelKind.Duration, CelKind.Timestamp) => CelTime.TimestampFromNanos(x + y),
            (Evaluation.Arithmetic.Add, CelKind.Duration, CelKind.Duration) => CelTime.DurationFromNanos(x + y),
            (Evaluation.Arithmetic.Subtract, CelKind.Timestamp, CelKind.Duration) => CelTime.TimestampFromNanos(x - y),
            (Evaluation.Arithmetic.Subtract, CelKind.Duration, CelKind.Duration) => CelTime.DurationFromNanos(x - y),
            (Evaluation.Arithmetic.Subtract, CelKind.Timestamp, CelKind.Timestamp) => CelTime.DurationFromNanos(x - y),
            _ => EvalErrors.NoOverload(operation == Evaluation.Arithmetic.Add ? "_+_" : "_-_", a, b),
        };
    }

    private static CelValue Concat(ref EvalFrame frame, string a, string b)
    {
        if (a.Length == 0)
            return CelValue.FromString(b);
        if (b.Length == 0)
            return CelValue.FromString(a);
        return frame.TryReserve((long)a.Length + b.Length, 2) ? CelValue.FromString(string.Concat(a, b)) : EvalErrors.SizeLimit;
    }

    private static CelValue Concat(ref EvalFrame frame, ReadOnlySpan<byte> a, ReadOnlySpan<byte> b)
    {
        if (!frame.TryReserve((long)a.Length + b.Length, 1))
            return EvalErrors.SizeLimit;
        var bytes = new byte[a.Length + b.Length];
        a.CopyTo(bytes);
        b.CopyTo(bytes.AsSpan(a.Length));
        return CelValue.FromBytes(bytes);
    }

    private static CelValue Concat(ref EvalFrame frame, CelValue a, CelValue b)
    {
        var left = a.AsList();
        var right = b.AsList();
        if (left.Count == 0)
            return b;
        if (right.Count == 0)
            return a;
        if (!frame.TryReserve((long)left.Count + right.Count, 24) || !frame.TrySpend(left.Count + right.Count))
            return EvalErrors.SizeLimit;
        var items = new ListBuilder(left.Count + right.Count);
        foreach (var item in left)
            items.Add(item);
        foreach (var item in right)
            items.Add(item);
        return items.ToValue();
    }
}
