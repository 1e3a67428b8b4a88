using System.Globalization;
using System.Text;
using AgentGateway.Cel.Values;

namespace AgentGateway.Cel.Syntax;

/// <summary>Writes a syntax tree as source text, with the fewest parentheses. Parsing the text gives the same tree.</summary>
internal static class Formatter
{
    private const int Conditional = 1;
    private const int UnaryLevel = 7;
    private const int PostfixLevel = 8;

    public static string Format(Expr expr)
    {
        var text = new StringBuilder();
        Write(expr, text, Conditional);
        return text.ToString();
    }

    private static void Write(Expr expr, StringBuilder text, int level)
    {
        var own = Level(expr);
        if (own < level)
        {
            text.Append('(');
            Write(expr, text, Conditional);
            text.Append(')');
            return;
        }

        switch (expr)
        {
            case ConstExpr constant:
                WriteConstant(constant.Value, text);
                break;
            case IdentExpr ident:
                if (ident.Absolute)
                    text.Append('.');
                text.Append(Name(ident.Name));
                break;
            case SelectExpr select:
                WriteSelect(select, text);
                break;
            case CallExpr call:
                WriteCall(call, text, own);
                break;
            case ListExpr list:
                text.Append('[');
                for (var i = 0; i < list.Elements.Length; i++)
                {
                    text.Append(i > 0 ? ", " : "").Append(list.Optional?[i] == true ? "?" : "");
                    Write(list.Elements[i], text, Conditional);
                }

                text.Append(']');
                break;
            case MapExpr map:
                text.Append('{');
                for (var i = 0; i < map.Entries.Length; i++)
                {
                    text.Append(i > 0 ? ", " : "").Append(map.Entries[i].Optional ? "?" : "");
                    Write(map.Entries[i].Key, text, Conditional);
                    text.Append(": ");
                    Write(map.Entries[i].Value, text, Conditional);
                }

                text.Append('}');
                break;
            case StructExpr message:
                text.Append(message.TypeName).Append('{');
                for (var i = 0; i < message.Fields.Length; i++)
                {
                    var field = message.Fields[i];
                    text.Append(i > 0 ? ", " : "").Append(field.Optional ? "?" : "").Append(field.Quoted ? $"`{field.Name}`" : field.Name).Append(": ");
                    Write(field.Value, text, Conditional);
                }

                text.Append('}');
                break;
            case ComprehensionExpr loop:
                Write(loop.Range, text, PostfixLevel);
                text.Append('.').Append(loop.Name).Append('(').Append(Name(loop.Variable)).Append(", ");
                if (loop.Variable2 is not null)
                    text.Append(Name(loop.Variable2)).Append(", ");
                if (loop.Filter is not null)
                {
                    Write(loop.Filter, text, Conditional);
                    text.Append(", ");
                }

                Write(loop.Body, text, Conditional);
                text.Append(')');
                break;
            case BindExpr bind:
                WriteBind(bind, text);
                break;
            case BlockExpr block:
                text.Append("cel.block([");
                WriteAll(block.Slots, text);
                text.Append("], ");
                Write(block.Body, text, Conditional);
                text.Append(')');
                break;
        }
    }

    private static int Level(Expr expr) => expr switch
    {
        CallExpr { Function: Operators.Conditional } => Conditional,
        CallExpr { Function: Operators.Not or Operators.Negate } => UnaryLevel,
        CallExpr call when Operators.Precedence(call.Function) is > 0 and var precedence => precedence,
        _ => PostfixLevel,
    };

    private static void WriteSelect(SelectExpr select, StringBuilder text)
    {
        if (select.Test)
            text.Append("has(");
        Write(select.Operand, text, PostfixLevel);
        text.Append(select.Optional ? ".?" : ".").Append(select.Quoted ? $"`{select.Field}`" : select.Field);
        if (select.Test)
            text.Append(')');
    }

    private static void WriteCall(CallExpr call, StringBuilder text, int own)
    {
        switch (call.Function)
        {
            case Operators.Conditional:
                Write(call.Args[0], text, Conditional + 1);
                text.Append(" ? ");
                Write(call.Args[1], text, Conditional + 1);
                text.Append(" : ");
                Write(call.Args[2], text, Conditional);
                break;
            case Operators.Not or Operators.Negate:
                text.Append(call.Function[0]);
                var start = text.Length;
                Write(call.Args[0], text, UnaryLevel);

                // -(1).f is not -1.f, whose minus belongs to the literal.
                if (call.Function == Operators.Negate && (char.IsAsciiDigit(text[start]) || (text[start] == '.' && char.IsAsciiDigit(text[start + 1]))))
                    text.Insert(start, '(').Append(')');
                break;
            case Operators.Index or Operators.OptionalIndex:
                Write(call.Args[0], text, PostfixLevel);
                text.Append(call.Function == Operators.Index ? "[" : "[?");
                Write(call.Args[1], text, Conditional);
                text.Append(']');
                break;
            case Operators.And or Operators.Or:
                for (var i = 0; i < call.Args.Length; i++)
                {
                    if (i > 0)
                        text.Append(' ').Append(Operators.Symbol(call.Function)).Append(' ');
                    Write(call.Args[i], text, own + 1);
                }

                break;
            case var function when Operators.Precedence(function) > 0:
                Write(call.Args[0], text, own);
                text.Append(' ').Append(Operators.Symbol(function)).Append(' ');
                Write(call.Args[1], text, own + 1);
                break;
            default:
                if (call.Target is not null)
                {
                    Write(call.Target, text, PostfixLevel);
                    text.Append('.');
                }

                text.Append(call.Function).Append('(');
                WriteAll(call.Args, text);
                text.Append(')');
                break;
        }
    }

    private static void WriteBind(BindExpr bind, StringBuilder text)
    {
        if (bind.Bind == BindKind.CelBind)
        {
            text.Append("cel.bind(").Append(Name(bind.Variable)).Append(", ");
            Write(bind.Init, text, Conditional);
        }
        else
        {
            Write(bind.Init, text, PostfixLevel);
            text.Append(bind.Bind switch { BindKind.With => ".with(", BindKind.OptMap => ".optMap(", _ => ".optFlatMap(" }).Append(Name(bind.Variable));
        }

        text.Append(", ");
        Write(bind.Body, text, Conditional);
        text.Append(')');
    }

    private static void WriteAll(Expr[] items, StringBuilder text)
    {
        for (var i = 0; i < items.Length; i++)
        {
            if (i > 0)
                text.Append(", ");
            Write(items[i], text, Conditional);
        }
    }

    /// <summary>Names the parser made from <c>cel.index(0)</c> and <c>cel.iterVar(0, 0)</c> are written as those calls again.</summary>
    private static string Name(string name)
    {
        if (name[0] != '@')
            return name;
        if (name.StartsWith("@index", StringComparison.Ordinal))
            return $"cel.index({name["@index".Length..]})";
        var parts = name.Split(':');
        return $"cel.{(parts[0] == "@it" ? "iterVar" : "accuVar")}({parts[1]}, {parts[2]})";
    }

    private static void WriteConstant(CelValue value, StringBuilder text)
    {
        switch (value.Kind)
        {
            case CelKind.Uint:
                text.Append(CelText.Of(value)).Append('u');
                break;
            case CelKind.Double:
                WriteDouble(value.AsDouble(), text);
                break;
            case CelKind.String:
                Quote(value.AsString(), text);
                break;
            case CelKind.Bytes:
                text.Append("b\"");
                foreach (var b in value.AsBytes().Span)
                {
                    if (b is >= 0x20 and < 0x7F and not ((byte)'"' or (byte)'\\'))
                        text.Append((char)b);
                    else
                        text.Append("\\x").Append(b.ToString("x2", CultureInfo.InvariantCulture));
                }

                text.Append('"');
                break;
            default:
                text.Append(CelText.Of(value));
                break;
        }
    }

    private static void WriteDouble(double value, StringBuilder text)
    {
        var number = CelText.OfDouble(value);
        text.Append(number);
        if (!number.Contains('.', StringComparison.Ordinal) && !number.Contains('e', StringComparison.Ordinal))
            text.Append(".0");
    }

    internal static void Quote(string value, StringBuilder text)
    {
        text.Append('"');
        foreach (var c in value)
        {
            switch (c)
            {
                case '"': text.Append("\\\""); break;
                case '\\': text.Append("\\\\"); break;
                case '\n': text.Append("\\n"); break;
                case '\r': text.Append("\\r"); break;
                case '\t': text.Append("\\t"); break;
                case < ' ' or '\u007F': text.Append(CultureInfo.InvariantCulture, $"\\x{(int)c:x2}"); break;
                default: text.Append(c); break;
            }
        }

        text.Append('"');
    }
}
