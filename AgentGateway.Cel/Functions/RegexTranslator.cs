using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace AgentGateway.Cel.Functions;

/// <summary>
/// Rewrites RE2 syntax, which CEL is defined with, into that of .NET: ASCII classes, <c>$</c> only at the very end, <c>(?P&lt;name&gt;)</c>, <c>\z</c>, POSIX classes,
/// a dot that takes a whole code point. What RE2 does not have (look-around, back-references) is refused.
/// </summary>
internal sealed class RegexTranslator
{
    private static readonly SearchValues<char> NameCharacters = SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_");

    private const int MaxRepeat = 1000;

    /// <summary>Largest expanded size: each repetition counts what it repeats so many times.</summary>
    private const int MaxSize = 4000;

    private readonly string _pattern;
    private readonly StringBuilder _output;
    private readonly Stack<(bool Multiline, bool DotAll, long Size)> _groups = new();
    private readonly List<string?> _names = [];
    private int _at;
    private bool _multiline;
    private bool _dotAll;
    private long _size;
    private long _atom;
    private string _problem = "";

    private RegexTranslator(string pattern)
    {
        _pattern = pattern;
        _output = new StringBuilder(pattern.Length + 16);
    }

    /// <summary>Rewrites a pattern; <paramref name="names"/> are the names of its groups in their order, null for those without.</summary>
    public static bool TryTranslate(string pattern, out string translated, out IReadOnlyList<string?> names, out string problem)
    {
        var translator = new RegexTranslator(pattern);
        var done = translator.Run();
        translated = translator._output.ToString();
        names = translator._names;
        problem = translator._problem;
        return done;
    }

    private bool Run()
    {
        while (_at < _pattern.Length)
        {
            if (!Step())
                return false;
            if (_size > MaxSize)
                return Fail("expands to too large an expression");
        }

        return _groups.Count == 0 || Fail("missing ')'");
    }

    private bool Step()
    {
        var c = _pattern[_at];
        switch (c)
        {
            case '\\':
                Atom(1);
                return Escape(inClass: false);
            case '[':
                Atom(1);
                return Class();
            case '$':
                _at++;
                _output.Append(_multiline ? "$" : "\\z");
                return true;
            case '.':
                _at++;
                Atom(3);
                _output.Append(_dotAll ? "(?:[\\uD800-\\uDBFF][\\uDC00-\\uDFFF]|[\\s\\S])" : "(?:[\\uD800-\\uDBFF][\\uDC00-\\uDFFF]|[^\\n])");
                return true;
            case '(':
                return Group();
            case ')':
                if (_groups.Count == 0)
                    return Fail("unmatched ')'");
                var inner = _size;
                (_multiline, _dotAll, _size) = _groups.Pop();
                Atom(inner + 1);
                _at++;
                _output.Append(c);
                return true;
            case '{':
                return Repeat();
            default:
                if (c is not ('*' or '+' or '?' or '|' or '^'))
                    Atom(1);
                _at++;
                _output.Append(c);
                return true;
        }
    }

    private void Atom(long size)
    {
        _atom = size;
        _size += size;
    }

    private bool Fail(string problem)
    {
        _problem = problem;
        return false;
    }

    private bool Group()
    {
        _groups.Push((_multiline, _dotAll, _size));
        _size = 0;
        var rest = _pattern.AsSpan(_at);
        if (!rest.StartsWith("(?"))
        {
            _names.Add(null);
            _output.Append('(');
            _at++;
            return true;
        }

        if (rest.StartsWith("(?P<") || (rest.StartsWith("(?<") && rest.Length > 3 && rest[3] is not ('=' or '!')))
        {
            // .NET numbers named groups after the others; here they are numbered from left to right, and the names are kept aside.
            var start = rest.StartsWith("(?P<") ? 4 : 3;
            var end = rest.IndexOf('>');
            if (end <= start || rest[start..end].IndexOfAnyExcept(NameCharacters) >= 0 || char.IsAsciiDigit(rest[start]))
                return Fail("bad group name");
            _names.Add(rest[start..end].ToString());
            _output.Append('(');
            _at += end + 1;
            return true;
        }

        return Flags();
    }

    /// <summary>(?flags) and (?flags:...).</summary>
    private bool Flags()
    {
        var at = _at + 2;
        var on = true;
        var text = new StringBuilder();
        var multiline = _multiline;
        var dotAll = _dotAll;
        for (; at < _pattern.Length && _pattern[at] is not (':' or ')'); at++)
        {
            switch (_pattern[at])
            {
                case '-' when on:
                    on = false;
                    text.Append('-');
                    break;
                case 'i':
                    text.Append('i');
                    break;
                case 'm':
                    multiline = on;
                    text.Append('m');
                    break;
                case 's':
                    dotAll = on;
                    break;
                default:
                    return Fail("look-around and this kind of group are not supported");
            }
        }

        if (at >= _pattern.Length)
            return Fail("missing ')'");
        var written = text.ToString().TrimEnd('-');
        _multiline = multiline;
        _dotAll = dotAll;
        if (_pattern[at] == ')')
        {
            // Flags for the rest of the enclosing group: nothing is opened.
            _size = _groups.Pop().Size;
            if (written.Length > 0)
                _output.Append("(?").Append(written).Append(')');
        }
        else
        {
            _output.Append("(?").Append(written).Append(':');
        }

        _at = at + 1;
        return true;
    }

    private bool Repeat()
    {
        var end = _pattern.IndexOf('}', _at);
        var body = end < 0 ? "" : _pattern[(_at + 1)..end];
        var parts = body.Split(',');
        if (end < 0 || parts.Length > 2 || !int.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out var least)
            || (parts.Length == 2 && parts[1].Length > 0 && !int.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out _)))
        {
            // Not a repetition: a brace that stands for itself.
            Atom(1);
            _output.Append("\\{");
            _at++;
            return true;
        }

        var most = parts.Length == 2 && parts[1].Length > 0 ? int.Parse(parts[1], CultureInfo.InvariantCulture) : least;
        if (least > MaxRepeat || most > MaxRepeat)
            return Fail($"repetition over {MaxRepeat}");
        var repeated = _atom * Math.Max(least, most);
        _size += repeated - _atom;
        _atom = repeated;
        _output.Append('{').Append(body).Append('}');
        _at = end + 1;
        return true;
    }

    private bool Class()
    {
        _output.Append('[');
        _at++;
        if (_at < _pattern.Length && _pattern[_at] == '^')
        {
            _output.Append('^');
            _at++;
        }

        for (var first = true; _at < _pattern.Length; first = false)
        {
            var c = _pattern[_at];
            if (c == ']' && !first)
            {
                _output.Append(']');
                _at++;
                return true;
            }

            if (c == '[' && _at + 1 < _pattern.Length && _pattern[_at + 1] == ':')
            {
                var end = _pattern.IndexOf(":]", _at, StringComparison.Ordinal);
                if (end < 0 || Posix(_pattern[(_at + 2)..end]) is not { } set)
                    return Fail("unknown character class");
                _output.Append(set);
                _at = end + 2;
            }
            else if (c == '\\')
            {
                if (!Escape(inClass: true))
                    return false;
            }
            else
            {
                if (c is '[' or ']' || (c == '-' && _at + 1 < _pattern.Length && _pattern[_at + 1] == '['))
                    _output.Append('\\');
                _output.Append(c);
                _at++;
            }
        }

        return Fail("missing ']'");
    }

    private bool Escape(bool inClass)
    {
        if (_at + 1 >= _pattern.Length)
            return Fail("trailing backslash");
        var c = _pattern[_at + 1];
        _at += 2;
        var set = (c, inClass) switch
        {
            ('d', false) => "[0-9]",
            ('w', false) => "[0-9A-Za-z_]",
            ('s', false) => "[\\t\\n\\f\\r ]",
            ('D', false) => "[^0-9]",
            ('W', false) => "[^0-9A-Za-z_]",
            ('S', false) => "[^\\t\\n\\f\\r ]",
            ('d', true) => "0-9",
            ('w', true) => "0-9A-Za-z_",
            ('s', true) => "\\t\\n\\f\\r ",
            ('D', true) => "\\x00-/:-\\uFFFF",
            ('W', true) => "\\x00-/:-@\\[-^`{-\\uFFFF",
            ('S', true) => "\\x00-\\x08\\x0B\\x0E-\\x1F!-\\uFFFF",
            ('z' or 'A' or 'b' or 'B', false) => "\\" + c,
            ('a' or 'f' or 't' or 'n' or 'r' or 'v', _) => "\\" + c,
            _ => null,
        };
        if (set is not null)
        {
            _output.Append(set);
            return true;
        }

        switch (c)
        {
            case 'Q':
                var end = _pattern.IndexOf("\\E", _at, StringComparison.Ordinal);
                var literal = end < 0 ? _pattern[_at..] : _pattern[_at..end];
                Atom(literal.Length);
                _output.Append(Regex.Escape(literal).Replace("]", "\\]", StringComparison.Ordinal));
                _at = end < 0 ? _pattern.Length : end + 2;
                return true;
            case 'x':
                return Hex();
            case 'p' or 'P':
                return Property(c);
            case >= '0' and <= '9':
                return Fail("back-references and octal escapes are not supported");
            default:
                if (char.IsAsciiLetter(c))
                    return Fail($"unknown escape '\\{c}'");
                if (c is not ('<' or '>' or '_') && c <= '~')
                    _output.Append('\\');
                _output.Append(c);
                return true;
        }
    }

    private bool Hex()
    {
        var braced = _at < _pattern.Length && _pattern[_at] == '{';
        var end = braced ? _pattern.IndexOf('}', _at) : Math.Min(_at + 2, _pattern.Length);
        var digits = end < 0 ? "" : _pattern[(braced ? _at + 1 : _at)..end];
        _at = braced ? end + 1 : end;
        if (digits.Length is 0 or > 6 || !uint.TryParse(digits, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var code) || !Rune.IsValid(code))
            return Fail("bad hexadecimal escape");
        if (code <= 0xFFFF)
            _output.Append(CultureInfo.InvariantCulture, $"\\u{code:X4}");
        else
            _output.Append(new Rune(code).ToString());
        return true;
    }

    private bool Property(char letter)
    {
        var braced = _at < _pattern.Length && _pattern[_at] == '{';
        var end = braced ? _pattern.IndexOf('}', _at) : Math.Min(_at + 1, _pattern.Length);
        var name = end < 0 ? "" : _pattern[(braced ? _at + 1 : _at)..end];
        _at = braced ? end + 1 : end;
        var negated = letter == 'P';
        if (name.StartsWith('^'))
        {
            negated = !negated;
            name = name[1..];
        }

        // General categories are the same in both; scripts are blocks in .NET, so only the common ones that agree are taken.
        name = name switch { "Greek" => "IsGreek", "Cyrillic" => "IsCyrillic", "Latin" => "L", _ => name };
        if (name.Length is 0 or > 12 || name.Any(static c => !char.IsAsciiLetter(c)))
            return Fail("unknown character property");
        _output.Append(negated ? "\\P{" : "\\p{").Append(name).Append('}');
        return true;
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
}
