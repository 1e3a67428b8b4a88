using System.Globalization;

namespace AgentGateway.Cel.Syntax;

/// <summary>Cuts source text into tokens. Reports what is not a token and goes on.</summary>
internal sealed class Lexer(string source, DiagnosticBag diagnostics, bool hashComments = false)
{
    private int _position;

    public int Position
    {
        get => _position;
        set => _position = value;
    }

    public Token Next()
    {
        SkipBlanks();
        if (_position >= source.Length)
            return new Token(TokenKind.End, source.Length, 0);
        var start = _position;
        var c = source[start];
        if (IsIdentifierStart(c))
            return NameOrPrefixedLiteral(start);
        if (char.IsAsciiDigit(c) || (c == '.' && start + 1 < source.Length && char.IsAsciiDigit(source[start + 1])))
            return Number(start);
        if (c is '"' or '\'')
            return StringLiteral(start, start, raw: false, bytes: false);
        if (c == '`')
            return QuotedIdentifier(start);
        var next = start + 1 < source.Length ? source[start + 1] : '\0';
        var (kind, length) = (c, next) switch
        {
            ('&', '&') => (TokenKind.And, 2),
            ('|', '|') => (TokenKind.Or, 2),
            ('=', '=') => (TokenKind.Equal, 2),
            ('!', '=') => (TokenKind.NotEqual, 2),
            ('<', '=') => (TokenKind.LessEqual, 2),
            ('>', '=') => (TokenKind.GreaterEqual, 2),
            ('!', _) => (TokenKind.Not, 1),
            ('<', _) => (TokenKind.Less, 1),
            ('>', _) => (TokenKind.Greater, 1),
            ('(', _) => (TokenKind.LeftParen, 1),
            (')', _) => (TokenKind.RightParen, 1),
            ('[', _) => (TokenKind.LeftBracket, 1),
            (']', _) => (TokenKind.RightBracket, 1),
            ('{', _) => (TokenKind.LeftBrace, 1),
            ('}', _) => (TokenKind.RightBrace, 1),
            ('.', _) => (TokenKind.Dot, 1),
            (',', _) => (TokenKind.Comma, 1),
            (':', _) => (TokenKind.Colon, 1),
            ('?', _) => (TokenKind.Question, 1),
            ('+', _) => (TokenKind.Plus, 1),
            ('-', _) => (TokenKind.Minus, 1),
            ('*', _) => (TokenKind.Star, 1),
            ('/', _) => (TokenKind.Slash, 1),
            ('%', _) => (TokenKind.Percent, 1),
            _ => (TokenKind.Error, char.IsHighSurrogate(c) && char.IsLowSurrogate(next) ? 2 : 1),
        };
        _position = start + length;
        if (kind == TokenKind.Error)
        {
            var hint = c switch
            {
                '=' => "; to compare, write '=='",
                '&' => "; for a logical and, write '&&'",
                '|' => "; for a logical or, write '||'",
                '#' => "; comments start with '//'",
                '\u201C' or '\u201D' or '\u2018' or '\u2019' => "; quote with ' or \"",
                _ => "",
            };
            diagnostics.Error(start, $"unexpected character '{Printable(source.AsSpan(start, length))}'{hint}");
        }

        return new Token(kind, start, length);
    }

    public static bool IsIdentifierStart(char c) => char.IsAsciiLetter(c) || c == '_';

    public static bool IsIdentifierPart(char c) => char.IsAsciiLetterOrDigit(c) || c == '_';

    private static string Printable(ReadOnlySpan<char> text) =>
        text.Length == 1 && char.IsControl(text[0]) ? string.Create(CultureInfo.InvariantCulture, $"\\u{(int)text[0]:x4}") : text.ToString();

    private static bool IsInvisible(char c) =>
        char.GetUnicodeCategory(c) is UnicodeCategory.SpaceSeparator or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator or UnicodeCategory.Format;

    private void SkipBlanks()
    {
        while (_position < source.Length)
        {
            var c = source[_position];
            if (c is ' ' or '\t' or '\r' or '\n' or '\f')
            {
                _position++;
            }
            else if (c > '\u007F' && IsInvisible(c))
            {
                diagnostics.Error(_position, string.Create(CultureInfo.InvariantCulture, $"unexpected character '\\u{(int)c:x4}', which looks like a blank or like nothing; write a plain blank, or delete it"));
                _position++;
            }
            else if ((c == '/' && _position + 1 < source.Length && source[_position + 1] == '/') || (c == '#' && hashComments))
            {
                while (_position < source.Length && source[_position] is not '\n')
                    _position++;
            }
            else
            {
                return;
            }
        }
    }

    private Token NameOrPrefixedLiteral(int start)
    {
        // r"..", b"..", br".." in any case: a literal with a prefix.
        var at = start;
        var bytes = source[at] is 'b' or 'B';
        if (bytes)
            at++;
        var raw = at < source.Length && source[at] is 'r' or 'R';
        if (raw)
            at++;
        if (at > start && at < source.Length && source[at] is '"' or '\'')
            return StringLiteral(start, at, raw, bytes);
        if (raw && !bytes && at + 1 < source.Length && source[at] is 'b' or 'B' && source[at + 1] is '"' or '\'')
        {
            diagnostics.Error(start, "raw bytes are written br'...', in this order");
            return StringLiteral(start, at + 1, raw: true, bytes: true);
        }

        var end = start + 1;
        while (end < source.Length && IsIdentifierPart(source[end]))
            end++;
        _position = end;
        var kind = source.AsSpan(start, end - start) switch
        {
            "true" => TokenKind.True,
            "false" => TokenKind.False,
            "null" => TokenKind.Null,
            "in" => TokenKind.In,
            _ => TokenKind.Identifier,
        };
        return new Token(kind, start, end - start, source[start..end]);
    }

    private Token QuotedIdentifier(int start)
    {
        var end = source.IndexOf('`', start + 1);
        if (end < 0 || end == start + 1)
        {
            diagnostics.Error(start, end < 0 ? "quoted name has no closing '`'" : "quoted name is empty");
            _position = end < 0 ? source.Length : end + 1;
            return new Token(TokenKind.Error, start, _position - start);
        }

        var name = source[(start + 1)..end];
        _position = end + 1;
        foreach (var c in name)
        {
            if (!IsIdentifierPart(c) && c is not ('.' or '-' or '/' or ' '))
            {
                diagnostics.Error(start, "quoted name may only hold letters, digits, '_', '.', '-', '/' and blanks");
                return new Token(TokenKind.Error, start, _position - start);
            }
        }

        return new Token(TokenKind.QuotedIdentifier, start, _position - start, name);
    }

    private Token Number(int start)
    {
        var at = start;
        if (source[at] == '0' && at + 1 < source.Length && source[at + 1] is 'x' or 'X')
        {
            if (source[at + 1] == 'X')
                diagnostics.Error(start, "hexadecimal numbers begin with 0x, in a small letter");
            at += 2;
            var digits = at;
            while (at < source.Length && char.IsAsciiHexDigit(source[at]))
                at++;
            return Integer(start, source.AsSpan(digits, at - digits), at, NumberStyles.AllowHexSpecifier);
        }

        while (at < source.Length && char.IsAsciiDigit(source[at]))
            at++;
        var isDouble = false;
        if (at + 1 < source.Length && source[at] == '.' && char.IsAsciiDigit(source[at + 1]))
        {
            isDouble = true;
            for (at++; at < source.Length && char.IsAsciiDigit(source[at]);)
                at++;
        }

        if (at < source.Length && source[at] is 'e' or 'E')
        {
            var exponent = at + 1;
            if (exponent < source.Length && source[exponent] is '+' or '-')
                exponent++;
            if (exponent < source.Length && char.IsAsciiDigit(source[exponent]))
            {
                isDouble = true;
                for (at = exponent; at < source.Length && char.IsAsciiDigit(source[at]);)
                    at++;
            }
        }

        var text = source.AsSpan(start, at - start);
        if (!isDouble)
            return Integer(start, text, at, NumberStyles.None);
        _position = at;
        CheckNumberEnd(start);
        var number = double.Parse(text, NumberStyles.Float, CultureInfo.InvariantCulture);
        if (double.IsFinite(number))
            return new Token(TokenKind.Double, start, at - start, number);
        diagnostics.Error(start, "number literal out of range");
        return new Token(TokenKind.Error, start, at - start);
    }

    /// <summary>The magnitude only: the parser knows whether a minus stands before it.</summary>
    private Token Integer(int start, ReadOnlySpan<char> digits, int end, NumberStyles style)
    {
        var unsigned = end < source.Length && source[end] is 'u' or 'U';
        _position = unsigned ? end + 1 : end;
        CheckNumberEnd(start);
        if (!ulong.TryParse(digits, style, CultureInfo.InvariantCulture, out var value))
        {
            diagnostics.Error(start, digits.IsEmpty ? "hexadecimal number has no digits" : "integer literal out of range");
            return new Token(TokenKind.Error, start, _position - start);
        }

        return new Token(unsigned ? TokenKind.Uint : TokenKind.Int, start, _position - start, value);
    }

    private void CheckNumberEnd(int start)
    {
        if (_position >= source.Length || !IsIdentifierPart(source[_position]))
            return;
        diagnostics.Error(start, "number is followed by a letter");
        while (_position < source.Length && IsIdentifierPart(source[_position]))
            _position++;
    }

    private Token StringLiteral(int start, int quote, bool raw, bool bytes)
    {
        var q = source[quote];
        var triple = quote + 2 < source.Length && source[quote + 1] == q && source[quote + 2] == q;
        var at = quote + (triple ? 3 : 1);
        var body = at;
        while (true)
        {
            if (at >= source.Length || (!triple && source[at] is '\n' or '\r'))
            {
                diagnostics.Error(start, "string has no closing quote");
                _position = at;
                return new Token(TokenKind.Error, start, at - start);
            }

            if (source[at] == '\\' && !raw)
            {
                at += 2;
                continue;
            }

            if (source[at] == q && (!triple || (at + 2 < source.Length && source[at + 1] == q && source[at + 2] == q)))
                break;
            at++;
        }

        _position = at + (triple ? 3 : 1);
        var text = source.AsSpan(body, at - body);
        var escapes = new LiteralText(diagnostics, body);
        object? value = bytes ? escapes.Bytes(text, raw) : escapes.Text(text, raw);
        return value is null
            ? new Token(TokenKind.Error, start, _position - start)
            : new Token(bytes ? TokenKind.Bytes : TokenKind.String, start, _position - start, value);
    }
}
