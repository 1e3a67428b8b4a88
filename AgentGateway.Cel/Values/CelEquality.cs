namespace AgentGateway.Cel.Values;

/// <summary>Equality and ordering of values. Bounded: work is counted, and nesting beyond <see cref="CelLimits.MaxValueDepth"/> is unequal with an error.</summary>
internal static class CelEquality
{
    public const int NotEqual = 0;
    public const int Equal = 1;
    public const int OutOfWork = -1;
    public const int TooDeep = -2;

    /// <summary>What <see cref="Compare"/> gives for values without an order (NaN).</summary>
    public const int Unordered = int.MinValue;

    public static int AreEqual(CelValue left, CelValue right, ref long work, int depth = 0)
    {
        if (--work < 0)
            return OutOfWork;
        switch (left.Kind)
        {
            case CelKind.Int or CelKind.Uint or CelKind.Double:
                return NumbersEqual(left, right) ? Equal : NotEqual;
            case var kind when kind != right.Kind:
                return NotEqual;
            case CelKind.Absent or CelKind.Null:
                return Equal;
            case CelKind.Bool:
                return left.Bits == right.Bits ? Equal : NotEqual;
            case CelKind.String:
                work -= StringWork(left);
                return StringsEqual(left, right) ? Equal : NotEqual;
            case CelKind.Bytes:
                var bytes = left.AsBytes().Span;
                work -= bytes.Length >> 5;
                return bytes.SequenceEqual(right.AsBytes().Span) ? Equal : NotEqual;
            case CelKind.Timestamp or CelKind.Duration:
                return left.Bits == right.Bits && left.Nanoseconds == right.Nanoseconds ? Equal : NotEqual;
            case CelKind.Type:
                return CelRuntimeTypes.SameRuntimeType((CelType)left.Ref!, (CelType)right.Ref!) ? Equal : NotEqual;
            case CelKind.Opaque:
                return ((CelOpaque)left.Ref!).EqualTo((CelOpaque)right.Ref!) ? Equal : NotEqual;
            case CelKind.List:
                return depth > CelLimits.MaxValueDepth ? TooDeep : ListsEqual(left, right, ref work, depth + 1);
            case CelKind.Map:
                return depth > CelLimits.MaxValueDepth ? TooDeep : MapsEqual(left, right, ref work, depth + 1);
            case CelKind.Optional:
                if (!left.TryGetOptional(out var one))
                    return right.Ref is CelBox ? NotEqual : Equal;
                return right.TryGetOptional(out var other) ? (depth > CelLimits.MaxValueDepth ? TooDeep : AreEqual(one, other, ref work, depth + 1)) : NotEqual;
            default:
                return NotEqual;
        }
    }

    public static bool StringsEqual(CelValue left, CelValue right)
    {
        if (left.Ref is string a)
            return right.Ref is string b ? string.Equals(a, b) : right.Tape.StringEquals((int)right.Bits, a);
        return right.Ref is string c
            ? left.Tape.StringEquals((int)left.Bits, c)
            : string.Equals(left.AsString(), right.AsString());
    }

    public static bool NumbersEqual(CelValue left, CelValue right)
    {
        if (left.Kind == right.Kind)
        {
            return left.Kind == CelKind.Double
                ? BitConverter.Int64BitsToDouble(left.Bits) == BitConverter.Int64BitsToDouble(right.Bits)
                : left.Bits == right.Bits;
        }

        return right.Kind is CelKind.Int or CelKind.Uint or CelKind.Double && Compare(left, right) == 0;
    }

    /// <summary>Order of two values of comparable types: negative, zero, positive, or <see cref="Unordered"/>. Call only when <see cref="Comparable"/>.</summary>
    public static int Compare(CelValue left, CelValue right)
    {
        switch (left.Kind)
        {
            case CelKind.Int when right.Kind == CelKind.Int:
                return left.Bits.CompareTo(right.Bits);
            case CelKind.Uint when right.Kind == CelKind.Uint:
                return unchecked((ulong)left.Bits).CompareTo(unchecked((ulong)right.Bits));
            case CelKind.Int when right.Kind == CelKind.Uint:
                return left.Bits < 0 ? -1 : unchecked((ulong)left.Bits).CompareTo(unchecked((ulong)right.Bits));
            case CelKind.Uint when right.Kind == CelKind.Int:
                return right.Bits < 0 ? 1 : unchecked((ulong)left.Bits).CompareTo(unchecked((ulong)right.Bits));
            case CelKind.Double when right.Kind == CelKind.Double:
                var x = BitConverter.Int64BitsToDouble(left.Bits);
                var y = BitConverter.Int64BitsToDouble(right.Bits);
                return double.IsNaN(x) || double.IsNaN(y) ? Unordered : x.CompareTo(y);
            case CelKind.Double:
                return CompareDouble(BitConverter.Int64BitsToDouble(left.Bits), right);
            case CelKind.Int or CelKind.Uint:
                var reversed = CompareDouble(BitConverter.Int64BitsToDouble(right.Bits), left);
                return reversed == Unordered ? Unordered : -reversed;
            case CelKind.String:
                return CodePoints.Compare(left.AsString(), right.AsString());
            case CelKind.Bytes:
                return left.AsBytes().Span.SequenceCompareTo(right.AsBytes().Span);
            case CelKind.Bool:
                return left.Bits.CompareTo(right.Bits);
            default:
                var order = left.Bits.CompareTo(right.Bits);
                return order != 0 ? order : left.Nanoseconds.CompareTo(right.Nanoseconds);
        }
    }

    public static bool Comparable(CelKind left, CelKind right) => left switch
    {
        CelKind.Int or CelKind.Uint or CelKind.Double => right is CelKind.Int or CelKind.Uint or CelKind.Double,
        CelKind.String or CelKind.Bytes or CelKind.Bool or CelKind.Timestamp or CelKind.Duration => left == right,
        _ => false,
    };

    public static int Hash(CelValue value)
    {
        switch (value.Kind)
        {
            case CelKind.Bool:
                return HashCode.Combine(value.Kind, value.Bits);
            case CelKind.Timestamp:
            case CelKind.Duration:
                return HashCode.Combine(value.Kind, value.Bits, value.Nanoseconds);
            case CelKind.Int:
            case CelKind.Uint:
            case CelKind.Double:
                // Numbers that are equal across types have one hash: that of the double.
                return value.TryGetNumber(out var number) ? HashCode.Combine(number == 0 ? 0 : number) : 0;
            case CelKind.String:
                return string.GetHashCode(value.AsString(), StringComparison.Ordinal);
            case CelKind.Bytes:
                var hash = default(HashCode);
                hash.AddBytes(value.AsBytes().Span);
                return hash.ToHashCode();
            case CelKind.List:
                return HashCode.Combine(value.Kind, value.AsList().Count);
            case CelKind.Map:
                return HashCode.Combine(value.Kind, value.AsMap().Count);
            case CelKind.Type:
                return ((CelType)value.Ref!).Name.GetHashCode(StringComparison.Ordinal);
            case CelKind.Opaque:
                return ((CelOpaque)value.Ref!).Type.Name.GetHashCode(StringComparison.Ordinal);
            default:
                return (int)value.Kind;
        }
    }

    private static long StringWork(CelValue value) => value.Ref is string text ? text.Length >> 5 : value.Tape.Length((int)value.Bits) >> 5;

    /// <summary>The integer is taken as a double, as the conformance suite has it: 9223372036854775807 equals 9223372036854775808.0.</summary>
    private static int CompareDouble(double left, CelValue integer) =>
        double.IsNaN(left) ? Unordered : left.CompareTo(integer.Kind == CelKind.Int ? integer.Bits : (double)unchecked((ulong)integer.Bits));

    private static int ListsEqual(CelValue left, CelValue right, ref long work, int depth)
    {
        var a = left.AsList();
        var b = right.AsList();
        if (a.Count != b.Count)
            return NotEqual;
        var x = a.GetEnumerator();
        var y = b.GetEnumerator();
        while (x.MoveNext() && y.MoveNext())
        {
            var equal = AreEqual(x.Current, y.Current, ref work, depth);
            if (equal != Equal)
                return equal;
        }

        return Equal;
    }

    private static int MapsEqual(CelValue left, CelValue right, ref long work, int depth)
    {
        var a = left.AsMap();
        var b = right.AsMap();
        if (a.Count != b.Count)
            return NotEqual;
        var entries = a.GetEnumerator();
        while (entries.MoveNext())
        {
            var other = b.Get(entries.Key);
            if (other.IsAbsent)
                return NotEqual;
            var equal = AreEqual(entries.Value, other, ref work, depth);
            if (equal != Equal)
                return equal;
        }

        return Equal;
    }
}
