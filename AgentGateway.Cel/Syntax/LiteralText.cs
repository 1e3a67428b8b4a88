using System.Globalization;
using System.Text;

namespace AgentGateway.Cel.Syntax;

/// <summary>Resolves the escapes of string and bytes literals.</summary>
internal readonly struct LiteralText(DiagnosticBag diagnostics, int offset)
{
    /// <summary>The text of a string literal; null after a reported error.</summary>
    public string? Text(ReadOnlySpan<char> body, bool raw)
    {
        if (raw || !body.Contains('\\'))
            return body.Contains('\r') ? body.ToString().ReplaceLineEndings("\n") : body.ToString();
        var text = new StringBuilder(body.Length);
        for (var i = 0; i < body.Length;)
        {
            if (body[i] != '\\')
            {
                text.Append(body[i++]);
                continue;
            }

            var used = Escape(body[i..], i, bytes: false, out var codePoint);
            if (used == 0)
                return null;
            text.Append(new Rune(codePoint));
            i += used;
        }

        return text.ToString();
    }

    /// <summary>The bytes of a bytes literal: text as UTF-8, numeric escapes as single bytes. Null after a reported error.</summary>
    public byte[]? Bytes(ReadOnlySpan<char> body, bool raw)
    {
        if (raw || !body.Contains('\\'))
            return Encoding.UTF8.GetBytes(body.ToString());
        var bytes = new List<byte>(body.Length);
        Span<byte> utf8 = stackalloc byte[4];
        for (var i = 0; i < body.Length;)
        {
            if (body[i] != '\\')
            {
                Rune.DecodeFromUtf16(body[i..], out var rune, out var length);
                foreach (var b in utf8[..rune.EncodeToUtf8(utf8)])
                    bytes.Add(b);
                i += length;
                continue;
            }

            var used = Escape(body[i..], i, bytes: true, out var value);
            if (used == 0)
                return null;
            bytes.Add((byte)value);
            i += used;
        }

        return [.. bytes];
    }

    private int Escape(ReadOnlySpan<char> text, int at, bool bytes, out int value)
    {
        value = 0;
        switch (text.Length > 1 ? text[1] : '\0')
        {
            case 'a': value = '\a'; return 2;
            case 'b': value = '\b'; return 2;
            case 'f': value = '\f'; return 2;
            case 'n': value = '\n'; return 2;
            case 'r': value = '\r'; return 2;
            case 't': value = '\t'; return 2;
            case 'v': value = '\v'; return 2;
            case '\\' or '?' or '"' or '\'' or '`':
                value = text[1];
                return 2;
            case 'x' or 'X':
                return Hex(text, at, 2, out value);
            case 'u' when !bytes:
                return Hex(text, at, 4, out value);
            case 'U' when !bytes:
                return Hex(text, at, 8, out value);
            case >= '0' and <= '3' when text.Length >= 4 && text[2] is >= '0' and <= '7' && text[3] is >= '0' and <= '7':
                value = (text[1] - '0') * 64 + (text[2] - '0') * 8 + (text[3] - '0');
                return 4;
            default:
                diagnostics.Error(offset + at, bytes && text.Length > 1 && text[1] is 'u' or 'U' ? "bytes cannot hold \\u and \\U escapes" : "unknown escape sequence");
                return 0;
        }
    }

    private int Hex(ReadOnlySpan<char> text, int at, int digits, out int value)
    {
        value = 0;
        if (text.Length < digits + 2 || !uint.TryParse(text.Slice(2, digits), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var number) || (digits > 2 && !Rune.IsValid(number)))
        {
            diagnostics.Error(offset + at, text.Length < digits + 2 ? "escape sequence is cut short" : "escape sequence is no Unicode code point");
            return 0;
        }

        value = (int)number;
        return digits + 2;
    }
}
