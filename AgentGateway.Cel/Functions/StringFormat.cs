using System.Globalization;
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
            var error = Clause(pattern[i], precision, args[next++], text, call.Limits.MaxValueSize);
            if (error.IsError)
                return error;
            if (text.Length > call.Limits.MaxValueSize)
                return EvalErrors.SizeLimit;
        }

        return call.TryReserve(text.Length) ? CelValue.FromString(text.ToString()) : EvalErrors.SizeLimit;
    }

    private static CelValue Bad(string message) => CelValue.FromError(CelErrorCode.InvalidArgument, message);

    private static CelValue Clause(char clause, int precision, CelValue value, StringBuilder text, int limit) => clause switch
    {
        's' => Text(value, text, limit, 0),
        'd' => Decimal(value, text),
        'f' => Fixed(value, precision < 0 ? DefaultPrecision : precision, text),
        'e' => Scientific(value, precision < 0 ? DefaultPrecision : precision, text),
        'b' => Binary(value, text),
        'o' => Octal(value, text),
        'x' => Hex(value, text, upper: false, limit),
        'X' => Hex(value, text, upper: true, limit),
        _ => Bad($"unknown format clause '%{clause}'"),
    };

    private static CelValue Wrong(char clause, CelValue value) => Bad($"format clause '%{clause}' does not take {value.RuntimeType.Name}");

    private static CelValue Text(CelValue value, StringBuilder text, int limit, int depth)
    {
        if (text.Length > limit)
            return EvalErrors.SizeLimit;
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
                    if (Text(item, text, limit, depth + 1) is { IsError: true } error)
                        return error;
                }

                text.Append(']');
                return default;
            case CelKind.Map:
                return MapText(value, text, limit, depth);
            case CelKind.Bytes:
                text.Append(Encoding.UTF8.GetString(value.AsBytes().Span));
                return default;
            case CelKind.Double:
                var number = value.AsDouble();
                text.Append(double.IsNaN(number) ? "NaN" : double.IsPositiveInfinity(number) ? "Infinity" : double.IsNegativeInfinity(number) ? "-Infinity" : CelText.OfDouble(number));
                return default;
            case CelKind.Error or CelKind.Flattened or CelKind.Absent:
                return EvalErrors.NoOverload("format", value);
            case CelKind.Null or CelKind.Bool or CelKind.Int or CelKind.Uint or CelKind.String or CelKind.Timestamp or CelKind.Duration or CelKind.Type:
                text.Append(CelText.Of(value));
                return default;
            default:
                return Wrong('s', value);
        }
    }

    private static CelValue MapText(CelValue value, StringBuilder text, int limit, int depth)
    {
        // Entries in the order of their keys' text, so that the result does not depend on how the map was made.
        var entries = new List<(string Key, CelValue Value)>();
        foreach (var (key, item) in value.AsMap())
            entries.Add((key.ToText(), item));
        entries.Sort(static (x, y) => CodePoints.Compare(x.Key, y.Key));
        text.Append('{');
        for (var i = 0; i < entries.Count; i++)
        {
            text.Append(i > 0 ? ", " : "").Append(entries[i].Key).Append(": ");
            if (Text(entries[i].Value, text, limit, depth + 1) is { IsError: true } error)
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
            case CelKind.Double when !double.IsFinite(value.AsDouble()):
                return Special(value, text);
            default:
                return Wrong('d', value);
        }
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
