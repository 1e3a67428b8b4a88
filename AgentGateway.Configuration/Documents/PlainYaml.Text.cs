using System.Buffers;
using System.Globalization;
using System.Runtime.CompilerServices;

namespace AgentGateway.Configuration.Documents;

/// <content>Characters, lines and scalars.</content>
internal sealed partial class PlainYaml
{
    private const int CacheSize = 1024;
    private const int LongestCached = 32;

    private static readonly SearchValues<char> UsualText = SearchValues.Create([.. Enumerable.Range(0x20, 0x7F - 0x20).Select(static c => (char)c), '\n', '\r']);
    private static readonly SearchValues<char> EndsInBlock = SearchValues.Create(":#\n");
    private static readonly SearchValues<char> EndsInFlow = SearchValues.Create(":#\n,[]{}?");

    // Keys and many values occur again and again.
    private readonly string[] _cache = new string[CacheSize];

    /// <summary>A scalar as it stands in the text.</summary>
    /// <param name="Start">Its first character, quotes included.</param>
    /// <param name="Column">Column of that character, from 0.</param>
    /// <param name="Length">Number of characters.</param>
    /// <param name="Text">Its value.</param>
    /// <param name="IsPlain">True without quotes.</param>
    private readonly record struct Token(int Start, int Column, int Length, string Text, bool IsPlain);

    /// <summary>True when the text has no character that needs more rules: tabs, control characters, other line breaks, surrogates.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static bool IsPlainText(ReadOnlySpan<char> text)
    {
        for (var i = text.IndexOfAnyExcept(UsualText); i >= 0 && i < text.Length; i++)
        {
            if (!UsualText.Contains(text[i]) && text[i] is < '\u00A0' or '\u2028' or '\u2029' or (>= '\uD800' and <= '\uDFFF') or '\uFEFF' or > '\uFFFD')
            {
                return false;
            }
        }

        for (var rest = text; rest.IndexOf('\r') is >= 0 and var at; rest = rest[(at + 2)..])
        {
            if (at + 1 == rest.Length || rest[at + 1] != '\n')
            {
                return false;
            }
        }

        return true;
    }

    private bool AtMarker() => Column == 0 && _text.AsSpan(_position) is var rest && (rest.StartsWith("---") || rest.StartsWith("..."));

    /// <summary>Passes over the line that begins the document.</summary>
    private bool SkipMarker()
    {
        if (_text[_position] != '-' || !IsBlank(_position + 3))
        {
            return false;
        }

        _position += 3;
        return EndLine() && SkipToContent();
    }

    /// <summary>True when something ahead looks like the end of the document or the start of another one.</summary>
    private bool HasMarker()
    {
        var rest = _text.AsSpan(_position);
        return rest.StartsWith("---") || rest.StartsWith("...") || rest.Contains("\n---", StringComparison.Ordinal) || rest.Contains("\n...", StringComparison.Ordinal);
    }

    private bool IsBlank(int position) => position >= _text.Length || _text[position] is ' ' or '\n' or '\r';

    private bool AtDash() => _text[_position] == '-' && IsBlank(_position + 1);

    private void SkipSpaces()
    {
        while (_position < _text.Length && _text[_position] == ' ')
        {
            _position++;
        }
    }

    // A comment counts: it stands after a blank here.
    private bool AtLineEnd() => AtEnd || _text[_position] is '\n' or '\r' || (_text[_position] == '#' && (_position == 0 || _text[_position - 1] == ' '));

    /// <summary>Passes over the rest of the line, in which nothing but a comment may stand.</summary>
    private bool EndLine()
    {
        SkipSpaces();
        if (!AtLineEnd())
        {
            return false;
        }

        SkipLine();
        return true;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void SkipLine()
    {
        var end = _text.IndexOf('\n', _position);
        if (end < 0)
        {
            _position = _text.Length;
            return;
        }

        _position = end + 1;
        _lineStart = _position;
        _line++;
    }

    /// <summary>Passes over blank lines and comments; false at the end of the text.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private bool SkipToContent()
    {
        while (true)
        {
            SkipSpaces();
            if (AtEnd)
            {
                return false;
            }

            if (_text[_position] is not ('\n' or '\r' or '#'))
            {
                return true;
            }

            SkipLine();
        }
    }

    /// <summary>Passes over blanks and line breaks inside of brackets; false at the end, at comments and where a line begins too far left.</summary>
    private bool SkipFlowSpace(int parent)
    {
        SkipSpaces();
        while (!AtEnd && _text[_position] is '\n' or '\r')
        {
            SkipLine();
            SkipSpaces();
            if (!AtEnd && Column <= parent && _text[_position] is not ('\n' or '\r'))
            {
                return false;
            }
        }

        return !AtEnd && _text[_position] != '#';
    }

    private bool Consume(char c)
    {
        if (AtEnd || _text[_position] != c)
        {
            return false;
        }

        _position++;
        return true;
    }

    private SourcePosition Locate(in Token token) => _source.Locate(token.Start, _line, token.Column + 1);

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private ScalarNode Node(in Token token) => new(
        Locate(token),
        token.Text,
        token.IsPlain ? ScalarResolution.FromPlain(token.Text) : ScalarKind.Text,
        _source.FromEnvironment(token.Start, token.Start + token.Length));

    /// <summary>Reads a scalar of one line and stays behind it.</summary>
    private bool TryReadScalar(bool inFlow, out Token token) => _text[_position] switch
    {
        '\'' => TryReadSingleQuoted(out token),
        '"' => TryReadDoubleQuoted(out token),
        _ => TryReadPlain(inFlow, out token),
    };

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private bool TryReadPlain(bool inFlow, out Token token)
    {
        token = default;
        var first = _text[_position];
        if (first is '#' or ',' or '[' or ']' or '{' or '}' or '&' or '*' or '!' or '|' or '>' or '%' or '@' or '`' or '?' or ':' or '"' or '\''
            || (first == '-' && (IsBlank(_position + 1) || (inFlow && _text[_position + 1] is ',' or '[' or ']' or '{' or '}'))))
        {
            return false;
        }

        var end = _position;
        for (; end < _text.Length; end++)
        {
            var found = _text.AsSpan(end).IndexOfAny(inFlow ? EndsInFlow : EndsInBlock);
            end = found < 0 ? _text.Length : end + found;
            if (found < 0 || _text[end] is '\n' or ',' or ']' or '}')
            {
                break;
            }

            if (_text[end] == ':')
            {
                if (IsBlank(end + 1))
                {
                    // The general parser takes what has a blank before a star for no key.
                    if (!inFlow && _text.AsSpan(_position, end - _position).Contains(" *", StringComparison.Ordinal))
                    {
                        return false;
                    }

                    break;
                }

                if (inFlow && _text[end + 1] is ',' or '[' or ']' or '{' or '}')
                {
                    return false;
                }
            }
            else if (_text[end] == '#')
            {
                if (_text[end - 1] == ' ')
                {
                    break;
                }
            }
            else
            {
                return false;
            }
        }

        var value = _text.AsSpan(_position, end - _position).TrimEnd(" \r");
        token = new Token(_position, Column, value.Length, Cached(value), IsPlain: true);
        _position += value.Length;
        return true;
    }

    private bool TryReadSingleQuoted(out Token token)
    {
        var start = _position;
        token = default;
        var escaped = false;
        for (var end = start + 1; end < _text.Length && _text[end] != '\n'; end++)
        {
            if (_text[end] != '\'')
            {
                continue;
            }

            if (end + 1 < _text.Length && _text[end + 1] == '\'')
            {
                escaped = true;
                end++;
                continue;
            }

            var value = _text.AsSpan(start + 1, end - start - 1);
            token = new Token(start, Column, end + 1 - start, escaped ? value.ToString().Replace("''", "'", StringComparison.Ordinal) : Cached(value), IsPlain: false);
            _position = end + 1;
            return true;
        }

        return false;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private bool TryReadDoubleQuoted(out Token token)
    {
        var start = _position;
        token = default;
        var length = _text.AsSpan(start + 1).IndexOfAny('"', '\\', '\n');
        if (length < 0 || _text[start + 1 + length] == '\n')
        {
            return false;
        }

        var end = start + 1 + length;
        if (_text[end] == '"')
        {
            token = new Token(start, Column, end + 1 - start, Cached(_text.AsSpan(start + 1, length)), IsPlain: false);
            _position = end + 1;
            return true;
        }

        var value = new System.Text.StringBuilder().Append(_text, start + 1, length);
        for (; end < _text.Length && _text[end] != '\n'; end++)
        {
            if (_text[end] == '"')
            {
                token = new Token(start, Column, end + 1 - start, value.ToString(), IsPlain: false);
                _position = end + 1;
                return true;
            }

            if (_text[end] != '\\')
            {
                value.Append(_text[end]);
            }
            else if (!TryUnescape(ref end, out var character))
            {
                return false;
            }
            else
            {
                value.Append(character);
            }
        }

        return false;
    }

    // Stays on the last character of the escape.
    private bool TryUnescape(ref int position, out char character)
    {
        character = '\0';
        if (++position >= _text.Length)
        {
            return false;
        }

        switch (_text[position])
        {
            case '"' or '\\' or '/':
                character = _text[position];
                return true;
            case 'n':
                character = '\n';
                return true;
            case 't':
                character = '\t';
                return true;
            case 'r':
                character = '\r';
                return true;
            case 'u' when position + 4 < _text.Length
                && ushort.TryParse(_text.AsSpan(position + 1, 4), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var code) && !char.IsSurrogate((char)code):
                position += 4;
                character = (char)code;
                return true;
            default:
                return false;
        }
    }

    /// <summary>Reads a literal block; its last line break stays unless the header ends with <c>-</c>.</summary>
    private ScalarNode? ParseLiteral(int parent)
    {
        var start = _position;
        var (line, column) = (_line, Column);
        _position++;
        var strip = Consume('-');
        if (!IsBlank(_position) || !EndLine())
        {
            return null;
        }

        var value = new System.Text.StringBuilder();
        var indent = -1;
        var blank = 0;
        var end = _position;
        while (!AtEnd)
        {
            SkipSpaces();
            if (AtEnd || _text[_position] is '\n' or '\r')
            {
                if (Column > Math.Max(indent, 0))
                {
                    // Blanks of such a line belong to the value, or count for its indentation.
                    return null;
                }

                blank++;
                SkipLine();
                continue;
            }

            if (indent < 0)
            {
                indent = Column;
            }

            if (Column < indent || Column <= Math.Max(parent, 0))
            {
                break;
            }

            value.Append('\n', blank);
            blank = 0;
            var text = _lineStart + indent;
            SkipLine();
            end = _position;
            var last = _text[_position - 1] == '\n' ? _position - 1 : -1;
            if (last < 0)
            {
                // The last line of the file without its end.
                return null;
            }

            value.Append(_text, text, (_text[last - 1] == '\r' ? last - 1 : last) - text).Append('\n');
        }

        if (value.Length == 0)
        {
            return null;
        }

        var content = strip ? value.ToString(0, value.Length - 1) : value.ToString();
        return new ScalarNode(_source.Locate(start, line, column + 1), content, ScalarKind.Text, _source.FromEnvironment(start, end));
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private string Cached(ReadOnlySpan<char> text)
    {
        if (text.Length is 0 or > LongestCached)
        {
            return text.ToString();
        }

        var slot = ((text.Length * 31) + (text[0] * 7) + (text[^1] * 131) + (text[text.Length / 2] * 17)) & (CacheSize - 1);
        var known = _cache[slot];
        if (known is null || !text.SequenceEqual(known))
        {
            _cache[slot] = known = text.ToString();
        }

        return known;
    }
}
