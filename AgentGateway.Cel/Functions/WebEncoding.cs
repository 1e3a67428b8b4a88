using System.Globalization;
using System.Text;
using AgentGateway.Cel.Evaluation;
using AgentGateway.Cel.Values;

namespace AgentGateway.Cel.Functions;

/// <summary>Percent-coding of URL components and of form bodies.</summary>
internal static class WebEncoding
{
    private static readonly CelValue NotUtf8 = ConversionLibrary.Bad("percent-coded bytes are no UTF-8 text");
    private static readonly CelValue NotStrings = ConversionLibrary.Bad("form values are strings, lists of strings or null");

    public static CelValue UrlEncode(in CelCall call)
    {
        var value = call[0].Kind == CelKind.Bytes ? call[0].AsBytes() : Encoding.UTF8.GetBytes(call[0].AsString());
        if (!call.TryReserve(value.Length * 3L))
            return EvalErrors.SizeLimit;
        var text = new StringBuilder();
        Encode(value.Span, text, form: false);
        return CelValue.FromString(text.ToString());
    }

    public static CelValue UrlDecode(in CelCall call)
    {
        if (!call.TryReserve(call[0].AsString().Length))
            return EvalErrors.SizeLimit;
        return TryDecode(call[0].AsString(), form: false, out var text) ? CelValue.FromString(text) : NotUtf8;
    }

    public static CelValue FormEncode(in CelCall call)
    {
        var pairs = new List<(string Key, string Value)>();
        foreach (var (key, value) in call[0].AsMap())
        {
            if (key.Kind != CelKind.String)
                return NotStrings;
            if (value.Kind != CelKind.List)
            {
                if (!value.IsNull && Add(call, pairs, key, value) is { IsError: true } error)
                    return error;
                continue;
            }

            // A key with a list stands as often as the list has elements: what decoding made of it.
            foreach (var item in value.AsList())
            {
                if (Add(call, pairs, key, item) is { IsError: true } error)
                    return error;
            }
        }

        var text = new StringBuilder();
        foreach (var (key, value) in pairs.OrderBy(static pair => pair.Key, Comparer<string>.Create(CodePoints.Compare)))
        {
            if (text.Length > 0)
                text.Append('&');
            Encode(Encoding.UTF8.GetBytes(key), text, form: true);
            text.Append('=');
            Encode(Encoding.UTF8.GetBytes(value), text, form: true);
        }

        return text.Length <= call.Limits.MaxValueSize ? CelValue.FromString(text.ToString()) : EvalErrors.SizeLimit;
    }

    public static CelValue FormDecode(in CelCall call)
    {
        var body = "";
        if (call[0].Kind != CelKind.Bytes)
            body = call[0].AsString();
        else if (!CelText.TryUtf8(call[0].AsBytes().Span, out body))
            return NotUtf8;
        if (!call.TryReserve(body.Length))
            return EvalErrors.SizeLimit;
        var keys = new List<string>();
        var values = new Dictionary<string, List<CelValue>>(StringComparer.Ordinal);
        foreach (var range in body.AsSpan().Split('&'))
        {
            var pair = body.AsSpan()[range];
            if (pair.IsEmpty)
                continue;
            var equals = pair.IndexOf('=');
            if (!TryDecode((equals < 0 ? pair : pair[..equals]).ToString(), form: true, out var key)
                || !TryDecode(equals < 0 ? "" : pair[(equals + 1)..].ToString(), form: true, out var value))
                return NotUtf8;
            if (!call.TryReserve(1, 128))
                return EvalErrors.SizeLimit;
            if (!values.TryGetValue(key, out var list))
            {
                keys.Add(key);
                values.Add(key, list = []);
            }

            list.Add(CelValue.FromString(value));
        }

        var map = new DictionaryCelMap();
        foreach (var key in keys)
            map.Set(CelValue.FromString(key), values[key] is [var only] ? only : CelValue.FromList([.. values[key]]));
        return CelValue.FromMap(map);
    }

    private static CelValue Add(in CelCall call, List<(string Key, string Value)> pairs, CelValue key, CelValue value)
    {
        if (value.Kind != CelKind.String)
            return NotStrings;
        if (!call.TryReserve((key.AsString().Length + value.AsString().Length) * 3L))
            return EvalErrors.SizeLimit;
        pairs.Add((key.AsString(), value.AsString()));
        return default;
    }

    private static void Encode(ReadOnlySpan<byte> value, StringBuilder text, bool form)
    {
        foreach (var b in value)
        {
            var c = (char)b;
            if (char.IsAsciiLetterOrDigit(c) || c is '-' or '.' or '_' || c == (form ? '*' : '~'))
                text.Append(c);
            else if (form && c == ' ')
                text.Append('+');
            else
                text.Append('%').Append(b.ToString("X2", CultureInfo.InvariantCulture));
        }
    }

    /// <summary>A percent sign without two digits stands for itself; a plus is a blank in forms only.</summary>
    private static bool TryDecode(string value, bool form, out string text)
    {
        var utf8 = Encoding.UTF8.GetBytes(value);
        var length = 0;
        for (var i = 0; i < utf8.Length; i++)
        {
            var b = utf8[i];
            if (b == '%' && i + 2 < utf8.Length && char.IsAsciiHexDigit((char)utf8[i + 1]) && char.IsAsciiHexDigit((char)utf8[i + 2]))
            {
                b = (byte)(Digit(utf8[i + 1]) << 4 | Digit(utf8[i + 2]));
                i += 2;
            }
            else if (b == '+' && form)
            {
                b = (byte)' ';
            }

            utf8[length++] = b;
        }

        return CelText.TryUtf8(utf8.AsSpan(0, length), out text);
    }

    private static int Digit(byte digit) => digit <= '9' ? digit - '0' : (digit | 0x20) - 'a' + 10;
}
