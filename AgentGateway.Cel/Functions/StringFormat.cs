using System.Buffers;
using System.Globalization;
using System.Numerics;
using System.Text;
using AgentGateway.Cel.Evaluation;
using AgentGateway.Cel.Values;

namespace AgentGateway.Cel.Functions;

/// <summary><c>"%s is %d".format([a, b])</c>.</summary>
internal static class StringFormat
{
    private const int DefaultPrecision = 6;
    private const int MaxPrecision = 1000;

    public static CelValue Format(in CelCall call)
    {
        var pattern = call[0].AsString();
        var args = call[1].AsList();
        var text = new StringBuilder();
        var next = 0;
        for (var i = 0; i < pattern.Length; i++)
        {
            if (pattern[i] != '%')
            {
                text.Append(pattern[i]);
                continue;
            }

            if (++i >= pattern.Length)
                return Bad("format ends with a lone '%'");
            if (pattern[i] == '%')
            {
                text.Append('%');
                continue;
            }

            var precision = -1;
            if (pattern[i] == '.')
            {
                var start = ++i;
                while (i < pattern.Length && char.IsAsciiDigit(pattern[i]))
                    i++;
                if (start == i || !int.TryParse(pattern.AsSpan(start, i - start), NumberStyles.None, CultureInfo.InvariantCulture, out precision) || precision > MaxPrecision)
                    return Bad("bad precision in format");
                if (i >= pattern.Length)
                    return Bad("format ends within a clause");
            }

            if (next >= args.Count)
                return Bad($"format names argument {next}, which is not there");
            var error = Clause(call, pattern[i], precision, args[next++], text);
            if (error.IsError)
                return error;
            if (text.Length > call.Limits.MaxValueSize)
                return EvalErrors.SizeLimit;
        }

        return call.TryReserve(text.Length) ? CelValue.FromString(text.ToString()) : EvalErrors.SizeLimit;
    }

    /// <summary>How many values a format takes; null when it is none.</summary>
    public static int? CountClauses(string pattern)
    {
        var count = 0;
        for (var i = 0; i < pattern.Length; i++)
        {
            if (pattern[i] != '%')
                continue;
            if (++i >= pattern.Length)
                return null;
            if (pattern[i] == '%')
                continue;
            while (pattern[i] is '.' || char.IsAsciiDigit(pattern[i]))
            {
                if (++i >= pattern.Length)
                    return null;
            }

            count++;
        }

        return count;
    }

    private static CelValue Bad(string message) => CelValue.FromError(CelErrorCode.InvalidArgument, message);

    private static CelValue Clause(in CelCall call, char clause, int precision, CelValue value, StringBuilder text) => clause switch
    {
        's' => Text(call, value, text, 0),
        'd' => Decimal(value, text),
        'f' => Fixed(value, precision < 0 ? DefaultPrecision : precision, text),
        'e' => Scientific(value, precision < 0 ? DefaultPrecision : precision, text),
        'b' => Binary(value, text),
        'o' => Octal(value, text),
        'x' => Hex(value, text, upper: false, call.Limits.MaxValueSize),
        'X' => Hex(value, text, upper: true, call.Limits.MaxValueSize),
        _ => Bad($"unknown format clause '%{clause}'"),
    };

    private static CelValue Wrong(char clause, CelValue value) => Bad($"format clause '%{clause}' does not take {value.RuntimeType.Name}");

    private static CelValue Text(in CelCall call, CelValue value, StringBuilder text, int depth)
    {
        if (text.Length > call.Limits.MaxValueSize)
            return EvalErrors.SizeLimit;
        if (!call.TrySpend(1))
            return EvalErrors.WorkLimit;
        if (depth > CelLimits.MaxValueDepth)
            return EvalErrors.DepthLimit;
        switch (value.Kind)
        {
            case CelKind.List:
                text.Append('[');
                var first = true;
                foreach (var item in value.AsList())
                {
                    if (!first)
                        text.Append(", ");
                    first = false;
                    if (Text(call, item, text, depth + 1) is { IsError: true } error)
                        return error;
                }

                text.Append(']');
                return default;
            case CelKind.Map:
                return MapText(call, value, text, depth);
            case CelKind.Bytes:
                Utf8(value.AsBytes().Span, text);
                return default;
            case CelKind.Double:
                return Shortest(value, text);
            case CelKind.Error or CelKind.Flattened or CelKind.Absent:
                return EvalErrors.NoOverload("format", value);
            case CelKind.Null or CelKind.Bool or CelKind.Int or CelKind.Uint or CelKind.String or CelKind.Timestamp or CelKind.Duration or CelKind.Type or CelKind.Opaque:
                text.Append(CelText.Of(value));
                return default;
            default:
                return Wrong('s', value);
        }
    }

    /// <summary>Bytes as text; whatever is no UTF-8 becomes one replacement character, however long it is.</summary>
    private static void Utf8(ReadOnlySpan<byte> bytes, StringBuilder text)
    {
        var wasValid = true;
        while (!bytes.IsEmpty)
        {
            var isValid = Rune.DecodeFromUtf8(bytes, out var rune, out var length) == OperationStatus.Done;
            if (isValid || wasValid)
                text.Append(rune);
            wasValid = isValid;
            bytes = bytes[length..];
        }
    }

    private static CelValue MapText(in CelCall call, CelValue value, StringBuilder text, int depth)
    {
        // Entries in the order of their keys' text, so that the result does not depend on how the map was made.
        var entries = new List<(string Key, CelValue Value)>();
        foreach (var (key, item) in value.AsMap())
            entries.Add((key.ToText(), item));

        // Sorting compares n log n keys and keeps a list of them.
        if (!call.TrySpend(entries.Count * (long)(1 + BitOperations.Log2((uint)entries.Count + 1))) || !call.TryReserve(entries.Count, 48))
            return EvalErrors.WorkLimit;
        entries.Sort(static (x, y) => CodePoints.Compare(x.Key, y.Key));
        text.Append('{');
        for (var i = 0; i < entries.Count; i++)
        {
            text.Append(i > 0 ? ", " : "").Append(entries[i].Key).Append(": ");
            if (Text(call, entries[i].Value, text, depth + 1) is { IsError: true } error)
                return error;
        }

        text.Append('}');
        return default;
    }

    private static CelValue Decimal(CelValue value, StringBuilder text)
    {
        switch (value.Kind)
        {
            case CelKind.Int or CelKind.Uint:
                text.Append(CelText.Of(value));
                return default;
            case CelKind.Double:
                return Shortest(value, text);
            default:
                return Wrong('d', value);
        }
    }

    /// <summary>A double in base 10 without an exponent and without zeros that mean nothing.</summary>
    private static CelValue Shortest(CelValue value, StringBuilder text)
    {
        var number = value.AsDouble();
        if (!double.IsFinite(number))
            return Special(value, text);
        var shortest = CelText.OfDouble(number);
        var e = shortest.IndexOf('e', StringComparison.Ordinal);
        if (e < 0)
        {
            text.Append(shortest);
            return default;
        }

        // The digits of the shortest form, with the point moved to where the exponent says.
        var exponent = int.Parse(shortest.AsSpan(e + 1), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);
        var mantissa = shortest.AsSpan(0, e).TrimStart('-');
        var digits = string.Concat(mantissa[..1], mantissa.Length > 2 ? mantissa[2..] : default);
        text.Append(number < 0 ? "-" : "");
        if (exponent < 0)
            text.Append("0.").Append('0', -exponent - 1).Append(digits);
        else if (digits.Length <= exponent + 1)
            text.Append(digits.PadRight(exponent + 1, '0'));
        else
            text.Append(digits, 0, exponent + 1).Append('.').Append(digits, exponent + 1, digits.Length - exponent - 1);
        return default;
    }

    private static CelValue Special(CelValue value, StringBuilder text)
    {
        text.Append(double.IsNaN(value.AsDouble()) ? "NaN" : value.AsDouble() > 0 ? "Infinity" : "-Infinity");
        return default;
    }

    private static CelValue Fixed(CelValue value, int precision, StringBuilder text)
    {
        if (!value.TryGetNumber(out var number))
            return Wrong('f', value);
        if (!double.IsFinite(number))
            return Special(value, text);
        text.Append(value.Kind switch
        {
            CelKind.Int => value.AsInt().ToString("F" + precision.ToString(CultureInfo.InvariantCulture), CultureInfo.InvariantCulture),
            CelKind.Uint => value.AsUint().ToString("F" + precision.ToString(CultureInfo.InvariantCulture), CultureInfo.InvariantCulture),
            _ => Exact(number, precision),
        });
        return default;
    }

    /// <summary>The decimal form of the double itself, rounded half to even, as C and Go print it.</summary>
    private static string Exact(double number, int precision) => number.ToString("F" + precision.ToString(CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);

    private static CelValue Scientific(CelValue value, int precision, StringBuilder text)
    {
        if (!value.TryGetNumber(out var number))
            return Wrong('e', value);
        if (!double.IsFinite(number))
            return Special(value, text);
        var formatted = number.ToString("E" + precision.ToString(CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);
        var e = formatted.IndexOf('E', StringComparison.Ordinal);

        // .NET writes the exponent with three digits, CEL with at least two.
        var exponent = int.Parse(formatted.AsSpan(e + 1), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);
        text.Append(formatted, 0, e).Append('e').Append(exponent < 0 ? '-' : '+').Append(Math.Abs(exponent).ToString("D2", CultureInfo.InvariantCulture));
        return default;
    }

    private static CelValue Binary(CelValue value, StringBuilder text)
    {
        switch (value.Kind)
        {
            case CelKind.Bool:
                text.Append(value.IsTrue ? '1' : '0');
                return default;
            case CelKind.Int:
                text.Append(value.Bits < 0 ? "-" : "").Append(Magnitude(value).ToString("B", CultureInfo.InvariantCulture));
                return default;
            case CelKind.Uint:
                text.Append(value.AsUint().ToString("B", CultureInfo.InvariantCulture));
                return default;
            default:
                return Wrong('b', value);
        }
    }

    private static CelValue Octal(CelValue value, StringBuilder text)
    {
        if (value.Kind is not (CelKind.Int or CelKind.Uint))
            return Wrong('o', value);
        if (value.Kind == CelKind.Int && value.Bits < 0)
            text.Append('-');
        var digits = "";
        for (var rest = Magnitude(value); rest > 0; rest >>= 3)
            digits = (char)('0' + (int)(rest & 7)) + digits;
        text.Append(digits.Length == 0 ? "0" : digits);
        return default;
    }

    private static CelValue Hex(CelValue value, StringBuilder text, bool upper, int limit)
    {
        switch (value.Kind)
        {
            case CelKind.Int or CelKind.Uint:
                text.Append(value.Kind == CelKind.Int && value.Bits < 0 ? "-" : "").Append(Magnitude(value).ToString(upper ? "X" : "x", CultureInfo.InvariantCulture));
                return default;
            case CelKind.String:
                var utf8 = Encoding.UTF8.GetBytes(value.AsString());
                if (utf8.Length * 2L > limit)
                    return EvalErrors.SizeLimit;
                text.Append(upper ? Convert.ToHexString(utf8) : Convert.ToHexStringLower(utf8));
                return default;
            case CelKind.Bytes:
                var bytes = value.AsBytes().Span;
                if (bytes.Length * 2L > limit)
                    return EvalErrors.SizeLimit;
                text.Append(upper ? Convert.ToHexString(bytes) : Convert.ToHexStringLower(bytes));
                return default;
            default:
                return Wrong('x', value);
        }
    }

    private static ulong Magnitude(CelValue value) => value.Kind == CelKind.Int && value.Bits < 0 ? unchecked((ulong)-value.Bits) : unchecked((ulong)value.Bits);
}
