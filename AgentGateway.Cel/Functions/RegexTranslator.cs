using System.Buffers;
using System.Globalization;
using System.Text;

namespace AgentGateway.Cel.Functions;

/// <summary>
/// Rewrites RE2 syntax, which CEL is defined with, into that of .NET: ASCII classes, <c>$</c> only at the very end, <c>(?P&lt;name&gt;)</c>, <c>\z</c>, POSIX classes,
/// whole code points where .NET sees UTF-16 units. What RE2 does not have (look-around, back-references) is refused.
/// </summary>
internal sealed partial class RegexTranslator
{
    private static readonly SearchValues<char> NameCharacters = SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_");

    private const int MaxRepeat = 1000;

    /// <summary>Largest expanded size: each repetition counts what it repeats so many times.</summary>
    private const int MaxSize = 4000;

    private readonly string _pattern;
    private readonly StringBuilder _output;
    private readonly Stack<(bool Multiline, bool DotAll, bool Ungreedy, long Size)> _groups = new();
    private readonly List<string?> _names = [];
    private int _at;
    private bool _multiline;
    private bool _dotAll;
    private bool _ungreedy;
    private long _size;
    private long _atom;
    private string _problem = "";

    private RegexTranslator(string pattern)
    {
        _pattern = pattern;
        _output = new StringBuilder(pattern.Length + 16);
    }

    /// <summary>Rewrites a pattern; <paramref name="names"/> are the names of its groups in their order, null for those without.</summary>
    public static bool TryTranslate(string pattern, out string translated, out IReadOnlyList<string?> names, out int size, out string problem)
    {
        var translator = new RegexTranslator(pattern);
        var done = translator.Run();
        translated = translator._output.ToString();
        names = translator._names;
        size = (int)Math.Min(translator._size, MaxSize);
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
                return Escape();
            case '[':
                return Class();
            case '$':
                _at++;
                _output.Append(_multiline ? "$" : "\\z");
                return true;
            case '.':
                _at++;
                Atom(3);
                _output.Append(_dotAll ? "(?:[\\uD800-\\uDBFF][\\uDC00-\\uDFFF]|[^\\uD800-\\uDFFF])" : "(?:[\\uD800-\\uDBFF][\\uDC00-\\uDFFF]|[^\\n\\uD800-\\uDFFF])");
                return true;
            case '(':
                return Group();
            case ')':
                if (_groups.Count == 0)
                    return Fail("unmatched ')'");
                var inner = _size;
                (_multiline, _dotAll, _ungreedy, _size) = _groups.Pop();
                Atom(inner + 1);
                _at++;
                _output.Append(c);
                return true;
            case '{':
                return Repeat();
            case '*' or '+' or '?':
                _at++;
                _output.Append(c);
                Greediness();
                return true;
            case '|' or '^':
                _at++;
                _output.Append(c);
                return true;
            default:
                Atom(1);
                if (Rune.TryGetRuneAt(_pattern, _at, out var rune) && rune.Utf16SequenceLength == 2)
                {
                    // One atom, so that a quantifier takes both halves.
                    _output.Append("(?:").Append(rune).Append(')');
                    _at += 2;
                    return true;
                }

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

    /// <summary>A question mark after a quantifier turns its greed around, and so does the flag U.</summary>
    private void Greediness()
    {
        var marked = _at < _pattern.Length && _pattern[_at] == '?';
        if (marked)
            _at++;
        if (marked != _ungreedy)
            _output.Append('?');
    }

    private bool Group()
    {
        _groups.Push((_multiline, _dotAll, _ungreedy, _size));
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
            var name = rest[start..end].ToString();
            if (_names.Contains(name))
                return Fail("group name is used twice");
            _names.Add(name);
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
        var (multiline, dotAll, ungreedy) = (_multiline, _dotAll, _ungreedy);
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
                case 'U':
                    ungreedy = on;
                    break;
                default:
                    return Fail("look-around and this kind of group are not supported");
            }
        }

        if (at >= _pattern.Length)
            return Fail("missing ')'");
        var written = text.ToString().TrimEnd('-');
        (_multiline, _dotAll, _ungreedy) = (multiline, dotAll, ungreedy);
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
        Greediness();
        return true;
    }
}
