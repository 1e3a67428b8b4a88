using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace AgentGateway.Cel.Functions;

internal sealed partial class RegexTranslator
{
    // First and last characters of ranges.
    private const string Digits = "09";
    private const string Word = "09AZ__az";
    private const string Space = "\t\n\f\r  ";

    private bool Class()
    {
        var negated = _at + 1 < _pattern.Length && _pattern[_at + 1] == '^';
        _at += negated ? 2 : 1;
        var set = new RegexSet();
        for (var first = true; _at < _pattern.Length; first = false)
        {
            if (_pattern[_at] == ']' && !first)
            {
                _at++;
                Atom(set.Write(_output, negated));
                return true;
            }

            if (!ClassItem(set))
                return false;
        }

        return Fail("missing ']'");
    }

    private bool ClassItem(RegexSet set)
    {
        if (_pattern.AsSpan(_at).StartsWith("[:") && _pattern.IndexOf(":]", _at + 2, StringComparison.Ordinal) is >= 0 and var end)
        {
            var name = _pattern[(_at + 2)..end];
            var negated = name.StartsWith('^');
            if (Posix(negated ? name[1..] : name) is not { } pairs)
                return Fail("unknown character class");
            set.Add(pairs, negated);
            _at = end + 2;
            return true;
        }

        if (AtSetEscape())
            return SetEscape(set);
        if (!ClassRune(out var from))
            return false;
        var to = from;
        if (_at + 1 < _pattern.Length && _pattern[_at] == '-' && _pattern[_at + 1] != ']')
        {
            _at++;
            if (AtSetEscape() || !ClassRune(out to) || to < from)
                return Fail("bad character range");
        }

        set.Add(from, to);
        return true;
    }

    private bool ClassRune(out int rune)
    {
        if (_pattern[_at] == '\\')
            return RuneEscape(out rune);
        if (!Rune.TryGetRuneAt(_pattern, _at, out var next))
        {
            rune = 0;
            return Fail("half a surrogate pair");
        }

        rune = next.Value;
        _at += next.Utf16SequenceLength;
        return true;
    }

    /// <summary>True before an escape that stands for a set: \d and its like, \p.</summary>
    private bool AtSetEscape() => _pattern[_at] == '\\' && _at + 1 < _pattern.Length && _pattern[_at + 1] is 'd' or 'w' or 's' or 'D' or 'W' or 'S' or 'p' or 'P';

    private bool SetEscape(RegexSet set)
    {
        var letter = _pattern[_at + 1];
        _at += 2;
        if (letter is 'p' or 'P')
            return Property(set, letter == 'P');
        set.Add(char.ToLowerInvariant(letter) switch { 'd' => Digits, 'w' => Word, _ => Space }, char.IsAsciiLetterUpper(letter));
        return true;
    }

    private bool Escape()
    {
        if (_at + 1 >= _pattern.Length)
            return Fail("trailing backslash");
        var c = _pattern[_at + 1];
        if (c is 'd' or 'w' or 's' or 'D' or 'W' or 'S')
        {
            // The complement is written as one, so that case-insensitive matching does not add letters to it.
            _at += 2;
            Atom(new RegexSet().Add(char.ToLowerInvariant(c) switch { 'd' => Digits, 'w' => Word, _ => Space }).Write(_output, char.IsAsciiLetterUpper(c)));
            return true;
        }

        if (c is 'p' or 'P')
        {
            var set = new RegexSet();
            if (!SetEscape(set))
                return false;
            Atom(set.Write(_output, negated: false));
            return true;
        }

        switch (c)
        {
            case 'z' or 'A' or 'b' or 'B':
                _at += 2;
                Atom(1);
                _output.Append('\\').Append(c);
                return true;
            case 'Q':
                _at += 2;
                var end = _pattern.IndexOf("\\E", _at, StringComparison.Ordinal);
                var literal = end < 0 ? _pattern[_at..] : _pattern[_at..end];
                Atom(literal.Length);
                _output.Append(Regex.Escape(literal).Replace("]", "\\]", StringComparison.Ordinal));
                _at = end < 0 ? _pattern.Length : end + 2;
                return true;
            default:
                if (!RuneEscape(out var rune))
                    return false;
                Atom(new RegexSet().Add(rune, rune).Write(_output, negated: false));
                return true;
        }
    }

    /// <summary>An escape that stands for one code point.</summary>
    private bool RuneEscape(out int rune)
    {
        rune = 0;
        if (_at + 1 >= _pattern.Length)
            return Fail("trailing backslash");
        var c = _pattern[_at + 1];
        _at += 2;
        switch (c)
        {
            case 'a' or 'f' or 't' or 'n' or 'r' or 'v':
                rune = c switch { 'a' => '\a', 'f' => '\f', 't' => '\t', 'n' => '\n', 'r' => '\r', _ => '\v' };
                return true;
            case 'x':
                return Hex(out rune);
            case >= '0' and <= '9':
                return Octal(c, out rune);
            default:
                if (char.IsAsciiLetter(c))
                    return Fail($"unknown escape '\\{c}'");
                if (c <= '~')
                {
                    rune = c;
                    return true;
                }

                _at--;
                return ClassRune(out rune);
        }
    }

    /// <summary>A digit other than zero needs a second one: alone it would be a back-reference.</summary>
    private bool Octal(char first, out int rune)
    {
        rune = first - '0';
        var more = first == '0';
        for (var digits = 1; digits < 3 && _at < _pattern.Length && _pattern[_at] is >= '0' and <= '7' && first <= '7'; digits++, _at++)
        {
            rune = rune * 8 + _pattern[_at] - '0';
            more = true;
        }

        return more || Fail("back-references are not supported");
    }

    private bool Hex(out int rune)
    {
        var braced = _at < _pattern.Length && _pattern[_at] == '{';
        var end = braced ? _pattern.IndexOf('}', _at) : Math.Min(_at + 2, _pattern.Length);
        var digits = end < 0 ? "" : _pattern[(braced ? _at + 1 : _at)..end];
        _at = braced ? end + 1 : end;
        rune = 0;
        if (digits.Length is 0 or > 8 || (!braced && digits.Length != 2) || !uint.TryParse(digits, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var code) || !Rune.IsValid(code))
            return Fail("bad hexadecimal escape");
        rune = (int)code;
        return true;
    }

    private bool Property(RegexSet set, bool negated)
    {
        var braced = _at < _pattern.Length && _pattern[_at] == '{';
        var end = braced ? _pattern.IndexOf('}', _at) : Math.Min(_at + 1, _pattern.Length);
        var name = end < 0 ? "" : _pattern[(braced ? _at + 1 : _at)..end];
        _at = braced ? end + 1 : end;
        if (braced && name.StartsWith('^'))
        {
            negated = !negated;
            name = name[1..];
        }

        return RegexProperties.TryAdd(set, name, negated) || Fail("unknown character property; general categories and common scripts are known");
    }

    /// <summary>First and last characters of the ranges of a POSIX class, in ascending order.</summary>
    private static string? Posix(string name) => name switch
    {
        "alnum" => "09AZaz",
        "alpha" => "AZaz",
        "ascii" => "\0\u007F",
        "blank" => "\t\t  ",
        "cntrl" => "\0\u001F\u007F\u007F",
        "digit" => Digits,
        "graph" => "!~",
        "lower" => "az",
        "print" => " ~",
        "punct" => "!/:@[`{~",
        "space" => "\t\r  ",
        "upper" => "AZ",
        "word" => Word,
        "xdigit" => "09AFaf",
        _ => null,
    };
}
