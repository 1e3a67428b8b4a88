using System.Globalization;
using System.Text;
using AgentGateway.Cel;
using AgentGateway.Cel.Syntax;

namespace AgentGateway.Tests.Cel.Conformance;

/// <summary>Writes a syntax tree the way cel-go prints it for debugging, with the standard macros expanded, to compare the two parsers.</summary>
internal sealed class SyntaxTreeText
{
    private readonly StringBuilder _text = new();
    private int _indent;

    public static string Of(Expr expr)
    {
        var writer = new SyntaxTreeText();
        writer.Write(expr);
        return writer._text.ToString();
    }

    private void Write(Expr expr)
    {
        switch (expr)
        {
            case ConstExpr constant:
                Constant(constant.Value);
                break;
            case IdentExpr ident:
                Ident((ident.Absolute ? "." : "") + ident.Name);
                break;
            case SelectExpr select:
                Write(select.Operand);
                _text.Append('.').Append(select.Field).Append(select.Test ? "~test-only~" : "").Append("^#*expr.Expr_SelectExpr#");
                break;
            case CallExpr { Function: Operators.And or Operators.Or } chain:
                Balanced(chain, 0, chain.Args.Length);
                break;
            case CallExpr call:
                if (call.Target is not null)
                {
                    Write(call.Target);
                    _text.Append('.');
                }

                Call(call.Function, [.. call.Args.Select<Expr, Action>(a => () => Write(a))]);
                break;
            case ListExpr list:
                Block("[", "]", [.. list.Elements.Select<Expr, Action>(e => () => Write(e))]);
                _text.Append("^#*expr.Expr_ListExpr#");
                break;
            case MapExpr map:
                Block("{", "}", [.. map.Entries.Select<MapEntry, Action>(e => () =>
                {
                    Write(e.Key);
                    _text.Append(':');
                    Write(e.Value);
                    _text.Append("^#*expr.Expr_CreateStruct_Entry#");
                })]);
                _text.Append("^#*expr.Expr_StructExpr#");
                break;
            case StructExpr message:
                Block(message.TypeName + "{", "}", [.. message.Fields.Select<StructField, Action>(f => () =>
                {
                    _text.Append(f.Name).Append(':');
                    Write(f.Value);
                    _text.Append("^#*expr.Expr_CreateStruct_Entry#");
                })]);
                _text.Append("^#*expr.Expr_StructExpr#");
                break;
            case ComprehensionExpr loop:
                Comprehension(loop);
                break;
            default:
                throw new NotSupportedException(expr.GetType().Name);
        }
    }

    /// <summary>cel-go makes a balanced tree of a chain of the same logical operator.</summary>
    private void Balanced(CallExpr chain, int start, int end)
    {
        if (end - start == 1)
        {
            Write(chain.Args[start]);
            return;
        }

        var middle = start + (end - start + 1) / 2;
        Call(chain.Function, () => Balanced(chain, start, middle), () => Balanced(chain, middle, end));
    }

    private void Comprehension(ComprehensionExpr loop)
    {
        Action result = () => Ident("@result");
        Action yes = () => Constant(CelValue.True);
        Action body = () => Write(loop.Body);
        (Action Init, Action Condition, Action Step, Action End) parts = loop.Macro switch
        {
            MacroKind.All => (yes, () => Call("@not_strictly_false", result), () => Call(Operators.And, result, body), result),
            MacroKind.Exists => (() => Constant(CelValue.False), () => Call("@not_strictly_false", () => Call(Operators.Not, result)), () => Call(Operators.Or, result, body), result),
            MacroKind.ExistsOne => (() => Constant(CelValue.FromInt(0)), yes,
                () => Call(Operators.Conditional, body, () => Call(Operators.Add, result, () => Constant(CelValue.FromInt(1))), result),
                () => Call(Operators.Equal, result, () => Constant(CelValue.FromInt(1)))),
            MacroKind.Map when loop.Filter is null => (EmptyList, yes, () => Append(body), result),
            MacroKind.Map => (EmptyList, yes, () => Call(Operators.Conditional, () => Write(loop.Filter!), () => Append(body), result), result),
            MacroKind.Filter => (EmptyList, yes, () => Call(Operators.Conditional, body, () => Append(() => Ident(loop.Variable)), result), result),
            _ => throw new NotSupportedException(loop.Name),
        };

        _text.Append("__comprehension__(");
        _indent++;
        Part("Variable", () => _text.Append(loop.Variable));
        Part("Target", () => Write(loop.Range));
        Part("Accumulator", () => _text.Append("@result"));
        Part("Init", parts.Init);
        Part("LoopCondition", parts.Condition);
        Part("LoopStep", parts.Step);
        Part("Result", parts.End, last: true);
        _indent--;
        _text.Append(")^#*expr.Expr_ComprehensionExpr#");
    }

    private void Part(string name, Action write, bool last = false)
    {
        NewLine();
        _text.Append("// ").Append(name);
        NewLine();
        write();
        if (!last)
            _text.Append(',');
    }

    private void EmptyList() => _text.Append("[]^#*expr.Expr_ListExpr#");

    private void Append(Action item) => Call(Operators.Add, () => Ident("@result"), () =>
    {
        Block("[", "]", [item]);
        _text.Append("^#*expr.Expr_ListExpr#");
    });

    private void Ident(string name) => _text.Append(name).Append("^#*expr.Expr_IdentExpr#");

    private void Call(string function, params Action[] args)
    {
        Block(function + "(", ")", args);
        _text.Append("^#*expr.Expr_CallExpr#");
    }

    private void Block(string open, string close, Action[] items)
    {
        _text.Append(open);
        if (items.Length > 0)
        {
            _indent++;
            for (var i = 0; i < items.Length; i++)
            {
                if (i > 0)
                    _text.Append(',');
                NewLine();
                items[i]();
            }

            _indent--;
            NewLine();
        }

        _text.Append(close);
    }

    private void NewLine() => _text.Append('\n').Append(' ', _indent * 2);

    private void Constant(CelValue value)
    {
        _text.Append(value.Kind switch
        {
            CelKind.Uint => value.ToText() + "u",
            CelKind.String => Quote(value.AsString()),
            CelKind.Bytes => "b" + QuoteBytes(value.AsBytes().Span),
            CelKind.Double => Double(value.AsDouble()),
            _ => value.ToText(),
        });
        _text.Append("^#*expr.Constant_").Append(value.Kind switch
        {
            CelKind.Int => "Int64",
            CelKind.Uint => "Uint64",
            CelKind.Null => "Null",
            _ => value.Kind.ToString(),
        }).Append("Value#");
    }

    /// <summary>Go's shortest %g: an exponent below 1e-4 and from 1e6 on.</summary>
    private static string Double(double value)
    {
        if (value == 0)
            return double.IsNegative(value) ? "-0" : "0";
        var scientific = value.ToString("E16", CultureInfo.InvariantCulture);
        for (var precision = 0; precision < 17; precision++)
        {
            var shorter = value.ToString($"E{precision}", CultureInfo.InvariantCulture);
            if (double.Parse(shorter, CultureInfo.InvariantCulture) == value)
            {
                scientific = shorter;
                break;
            }
        }

        var e = scientific.IndexOf('E', StringComparison.Ordinal);
        var exponent = int.Parse(scientific[(e + 1)..], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);
        return exponent < -4 || exponent >= 6
            ? string.Create(CultureInfo.InvariantCulture, $"{scientific[..e]}e{(exponent < 0 ? '-' : '+')}{Math.Abs(exponent):D2}")
            : decimal.Parse(scientific, NumberStyles.Float, CultureInfo.InvariantCulture).ToString(CultureInfo.InvariantCulture);
    }

    /// <summary>Go's strconv.Quote: escapes what is not printable.</summary>
    private static string Quote(string value)
    {
        var text = new StringBuilder("\"");
        foreach (var rune in value.EnumerateRunes())
        {
            if (rune.Value < 0x80)
                Ascii((byte)rune.Value, text);
            else if (Printable(rune))
                text.Append(rune);
            else
                text.Append(rune.Value > 0xFFFF ? $"\\U{rune.Value:x8}" : $"\\u{rune.Value:x4}");
        }

        return text.Append('"').ToString();
    }

    private static bool Printable(Rune rune) => Rune.GetUnicodeCategory(rune) is not (UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.Surrogate or UnicodeCategory.PrivateUse
        or UnicodeCategory.OtherNotAssigned or UnicodeCategory.SpaceSeparator or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator);

    private static string QuoteBytes(ReadOnlySpan<byte> bytes)
    {
        var text = new StringBuilder("\"");
        while (!bytes.IsEmpty)
        {
            if (Rune.DecodeFromUtf8(bytes, out var rune, out var used) != System.Buffers.OperationStatus.Done)
                text.Append($"\\x{bytes[0]:x2}");
            else if (rune.Value < 0x80)
                Ascii((byte)rune.Value, text);
            else if (Printable(rune))
                text.Append(rune);
            else
                text.Append(rune.Value > 0xFFFF ? $"\\U{rune.Value:x8}" : $"\\u{rune.Value:x4}");
            bytes = bytes[used..];
        }

        return text.Append('"').ToString();
    }

    private static void Ascii(byte c, StringBuilder text) => text.Append(c switch
    {
        (byte)'"' => "\\\"",
        (byte)'\\' => "\\\\",
        7 => "\\a",
        8 => "\\b",
        9 => "\\t",
        10 => "\\n",
        11 => "\\v",
        12 => "\\f",
        13 => "\\r",
        < 0x20 or 0x7F => $"\\x{c:x2}",
        _ => ((char)c).ToString(),
    });
}
