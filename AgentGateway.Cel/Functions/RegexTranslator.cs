using System.Text;

namespace AgentGateway.Cel.Functions;

/// <summary>
/// Rewrites RE2 syntax, which CEL is defined with, into that of .NET: ASCII classes, <c>$</c> only at the very end, <c>(?P&lt;name&gt;)</c>, <c>\z</c>, POSIX classes,
/// a dot that takes a whole code point. What RE2 does not have (look-around, back-references) is refused.
/// </summary>
internal static class RegexTranslator
{
    private const int MaxRepeat = 1000;

    public static bool TryTranslate(string pattern, out string translated, out string problem)
    {
        var output = new StringBuilder(pattern.Length + 16);
        translated = "";
        problem = "";
        var multiline = false;
        var dotAll = false;
        var flags = new Stack<(bool Multiline, bool DotAll)>();
        for (var i = 0; i < pattern.Length;)
        {
            var c = pattern[i];
            switch (c)
            {
                case '\\':
                    if (!Escape(pattern, ref i, output, inClass: false, ref problem))
                        return false;
                    break;
                case '[':
                    if (!Class(pattern, ref i, output, ref problem))
                        return false;
                    break;
                case '$':
                    output.Append(multiline ? "$" : "\\z");
                    i++;
                    break;
                case '.':
                    output.Append(dotAll ? "(?:[\\uD800-\\uDBFF][\\uDC00-\\uDFFF]|[\\s\\S])" : "(?:[\\uD800-\\uDBFF][\\uDC00-\\uDFFF]|[^\\n])");
                    i++;
                    break;
                case '(':
                    flags.Push((multiline, dotAll));
                    if (!Group(pattern, ref i, output, ref multiline, ref dotAll, flags, ref problem))
                        return false;
                    break;
                case ')':
                    if (flags.Count == 0)
                    {
                        problem = "unmatched ')'";
                        return false;
                    }

                    (multiline, dotAll) = flags.Pop();
                    output.Append(c);
                    i++;
                    break;
                case '{':
                    if (!Repeat(pattern, ref i, output, ref problem))
                        return false;
                    break;
                default:
                    output.Append(c);
                    i++;
                    break;
            }
        }

        if (flags.Count > 0)
        {
            problem = "missing ')'";
            return false;
        }

        translated = output.ToString();
        return true;
    }

    private static bool Group(string pattern, ref int i, StringBuilder output, ref bool multiline, ref bool dotAll, Stack<(bool, bool)> flags, ref string problem)
    {
        var rest = pattern.AsSpan(i);
        if (!rest.StartsWith("(?"))
        {
            output.Append('(');
            i++;
            return true;
        }

        if (rest.StartsWith("(?P<") || (rest.StartsWith("(?<") && rest.Length > 3 && rest[3] is not ('=' or '!')))
        {
            var start = rest.StartsWith("(?P<") ? 4 : 3;
            var end = rest.IndexOf('>');
            if (end <= start || rest[start..end].IndexOfAnyExcept(NameCharacters) >= 0 || char.IsAsciiDigit(rest[start]))
            {
                problem = "bad group name";
                return false;
            }

            output.Append("(?<").Append(rest[start..end]).Append('>');
            i += end + 1;
            return true;
        }

        // (?flags) and (?flags:...)
        var at = i + 2;
        var on = true;
        var text = new StringBuilder();
        var m = multiline;
        var s = dotAll;
        for (; at < pattern.Length && pattern[at] is not (':' or ')'); at++)
        {
            switch (pattern[at])
            {
                case '-' when on:
                    on = false;
                    text.Append('-');
                    break;
                case 'i':
                    text.Append('i');
                    break;
                case 'm':
                    m = on;
                    text.Append('m');
                    break;
                case 's':
                    s = on;
                    break;
                default:
                    problem = "look-around and this kind of group are not supported";
                    return false;
            }
        }

        if (at >= pattern.Length)
        {
            problem = "missing ')'";
            return false;
        }

        var written = text.ToString() is "-" ? "" : text.ToString().TrimEnd('-');
        multiline = m;
        dotAll = s;
        if (pattern[at] == ')')
        {
            // Flags for the rest of the enclosing group: nothing is opened.
            flags.Pop();
            if (written.Length > 0)
                output.Append("(?").Append(written).Append(')');
        }
        else
        {
            output.Append("(?").Append(written).Append(':');
        }

        i = at + 1;
        return true;
    }

    private static readonly System.Buffers.SearchValues<char> NameCharacters =
        System.Buffers.SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_");

    private static bool Repeat(string pattern, ref int i, StringBuilder output, ref string problem)
    {
        var end = pattern.IndexOf('}', i);
        var body = end < 0 ? "" : pattern[(i + 1)..end];
        var parts = body.Split(',');
        if (end < 0 || parts.Length > 2 || !int.TryParse(parts[0], System.Globalization.NumberStyles.None, null, out var least)
            || (parts.Length == 2 && parts[1].Length > 0 && !int.TryParse(parts[1], System.Globalization.NumberStyles.None, null, out _)))
        {
            // Not a repetition: a brace that stands for itself.
            output.Append("\\{");
            i++;
            return true;
        }

        var most = parts.Length == 2 && parts[1].Length > 0 ? int.Parse(parts[1], System.Globalization.CultureInfo.InvariantCulture) : least;
        if (least > MaxRepeat || most > MaxRepeat)
        {
            problem = $"repetition over {MaxRepeat}";
            return false;
        }

        output.Append('{').Append(body).Append('}');
        i = end + 1;
        return true;
    }

    private static bool Class(string pattern, ref int i, StringBuilder output, ref string problem)
    {
        output.Append('[');
        i++;
        if (i < pattern.Length && pattern[i] == '^')
        {
            output.Append('^');
            i++;
        }

        var first = true;
        for (; i < pattern.Length; first = false)
        {
            var c = pattern[i];
            if (c == ']' && !first)
            {
                output.Append(']');
                i++;
                return true;
            }

            if (c == '[' && i + 1 < pattern.Length && pattern[i + 1] == ':')
            {
                var end = pattern.IndexOf(":]", i, StringComparison.Ordinal);
                var negated = end > 0 && pattern[i + 2] == '^';
                if (end < 0 || Posix(pattern[(i + (negated ? 3 : 2))..end]) is not { } set || negated)
                {
                    problem = "unknown character class";
                    return false;
                }

                output.Append(set);
                i = end + 2;
            }
            else if (c == '\\')
            {
                if (!Escape(pattern, ref i, output, inClass: true, ref problem))
                    return false;
            }
            else
            {
                if (c is '[' or ']')
                    output.Append('\\');
                else if (c == '-' && i + 1 < pattern.Length && pattern[i + 1] == '[')
                    output.Append('\\');
                output.Append(c);
                i++;
            }
        }

        problem = "missing ']'";
        return false;
    }

    private static string? Posix(string name) => name switch
    {
        "alnum" => "0-9A-Za-z",
        "alpha" => "A-Za-z",
        "ascii" => "\\x00-\\x7F",
        "blank" => "\\t ",
        "cntrl" => "\\x00-\\x1F\\x7F",
        "digit" => "0-9",
        "graph" => "!-~",
        "lower" => "a-z",
        "print" => " -~",
        "punct" => "!-/:-@\\[-`{-~",
        "space" => "\\t\\n\\v\\f\\r ",
        "upper" => "A-Z",
        "word" => "0-9A-Za-z_",
        "xdigit" => "0-9A-Fa-f",
        _ => null,
    };

    private static bool Escape(string pattern, ref int i, StringBuilder output, bool inClass, ref string problem)
    {
        if (i + 1 >= pattern.Length)
        {
            problem = "trailing backslash";
            return false;
        }

        var c = pattern[i + 1];
        i += 2;
        switch (c)
        {
            case 'd':
                output.Append(inClass ? "0-9" : "[0-9]");
                return true;
            case 'w':
                output.Append(inClass ? "0-9A-Za-z_" : "[0-9A-Za-z_]");
                return true;
            case 's':
                output.Append(inClass ? "\\t\\n\\f\\r " : "[\\t\\n\\f\\r ]");
                return true;
            case 'D' when !inClass:
                output.Append("[^0-9]");
                return true;
            case 'W' when !inClass:
                output.Append("[^0-9A-Za-z_]");
                return true;
            case 'S' when !inClass:
                output.Append("[^\\t\\n\\f\\r ]");
                return true;
            case 'D':
                output.Append("\\x00-/:-\\uFFFF");
                return true;
            case 'W':
                output.Append("\\x00-/:-@\\[-^`{-\\uFFFF");
                return true;
            case 'S':
                output.Append("\\x00-\\x08\\x0B\\x0E-\\x1F!-\\uFFFF");
                return true;
            case 'Q':
                var end = pattern.IndexOf("\\E", i, StringComparison.Ordinal);
                var literal = end < 0 ? pattern[i..] : pattern[i..end];
                output.Append(System.Text.RegularExpressions.Regex.Escape(literal).Replace("]", "\\]", StringComparison.Ordinal));
                i = end < 0 ? pattern.Length : end + 2;
                return true;
            case 'z' or 'A' or 'b' or 'B' when !inClass:
                output.Append('\\').Append(c);
                return true;
            case 'a' or 'f' or 't' or 'n' or 'r' or 'v':
                output.Append('\\').Append(c);
                return true;
            case 'x':
                return Hex(pattern, ref i, output, ref problem);
            case 'p' or 'P':
                return Property(pattern, c, ref i, output, ref problem);
            case '0' or '1' or '2' or '3' or '4' or '5' or '6' or '7' or '8' or '9':
                problem = "back-references and octal escapes are not supported";
                return false;
            default:
                if (char.IsAsciiLetter(c))
                {
                    problem = $"unknown escape '\\{c}'";
                    return false;
                }

                if (c is '<' or '>' or '_' || c > '~')
                    output.Append(c);
                else
                    output.Append('\\').Append(c);
                return true;
        }
    }

    private static bool Hex(string pattern, ref int i, StringBuilder output, ref string problem)
    {
        string digits;
        if (i < pattern.Length && pattern[i] == '{')
        {
            var end = pattern.IndexOf('}', i);
            digits = end < 0 ? "" : pattern[(i + 1)..end];
            i = end + 1;
        }
        else
        {
            digits = pattern.Substring(i, Math.Min(2, pattern.Length - i));
            i += digits.Length;
        }

        if (digits.Length is 0 or > 6 || !uint.TryParse(digits, System.Globalization.NumberStyles.AllowHexSpecifier, null, out var code) || !Rune.IsValid(code))
        {
            problem = "bad hexadecimal escape";
            return false;
        }

        if (code <= 0xFFFF)
            output.Append(System.Globalization.CultureInfo.InvariantCulture, $"\\u{code:X4}");
        else
            output.Append(new Rune(code).ToString());
        return true;
    }

    private static bool Property(string pattern, char letter, ref int i, StringBuilder output, ref string problem)
    {
        string name;
        if (i < pattern.Length && pattern[i] == '{')
        {
            var end = pattern.IndexOf('}', i);
            name = end < 0 ? "" : pattern[(i + 1)..end];
            i = end + 1;
        }
        else
        {
            name = i < pattern.Length ? pattern[i].ToString() : "";
            i += name.Length;
        }

        var negated = letter == 'P';
        if (name.StartsWith('^'))
        {
            negated = !negated;
            name = name[1..];
        }

        // General categories are the same in both; scripts are blocks in .NET, so only the common ones that agree are taken.
        name = name switch { "Greek" => "IsGreek", "Cyrillic" => "IsCyrillic", "Latin" => "L", _ => name };
        if (name.Length is 0 or > 12 || name.Any(static c => !char.IsAsciiLetter(c)))
        {
            problem = "unknown character property";
            return false;
        }

        output.Append(negated ? "\\P{" : "\\p{").Append(name).Append('}');
        return true;
    }
}
