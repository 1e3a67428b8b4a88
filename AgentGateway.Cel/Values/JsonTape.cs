using System.Buffers.Text;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;

namespace AgentGateway.Cel.Values;

/// <summary>
/// JSON text with one token per value and name: objects and arrays know where they end, so that members are found by stepping over their siblings
/// and nothing is decoded that no expression reads. Large objects get an index at their first look-up, large arrays at their first random access.
/// </summary>
internal sealed class JsonTape
{
    private const int IndexFrom = 32;
    private static readonly CelValue Invalid = CelValue.FromError(CelErrorCode.InvalidArgument, "invalid JSON");
    public static readonly CelValue TooDeep = CelValue.FromError(CelErrorCode.DepthLimit, "JSON is nested too deep");
    private static readonly CelValue NumberRange = CelValue.FromError(CelErrorCode.Overflow, "JSON number out of range");

    private readonly ReadOnlyMemory<byte> _utf8;
    private readonly Token[] _tokens;
    private readonly JsonTapeValue _maps;
    private readonly JsonTapeValue _lists;
    private readonly JsonTapeValue _texts;
    private Dictionary<int, Dictionary<string, int>>? _memberIndexes;
    private Dictionary<int, int[]>? _elementIndexes;
    private string?[]? _strings;

    private JsonTape(ReadOnlyMemory<byte> utf8, Token[] tokens)
    {
        _utf8 = utf8;
        _tokens = tokens;
        _maps = new JsonTapeValue(this, CelKind.Map);
        _lists = new JsonTapeValue(this, CelKind.List);
        _texts = new JsonTapeValue(this, CelKind.String);
    }

    public static CelValue Parse(ReadOnlyMemory<byte> utf8)
    {
        var tokens = new Token[Math.Clamp(utf8.Length / 8, 4, 1 << 16)];
        var count = 0;
        var open = new Stack<int>();
        var reader = new Utf8JsonReader(utf8.Span, new JsonReaderOptions { MaxDepth = CelLimits.MaxJsonDepth + 1 });
        try
        {
            while (reader.Read())
            {
                if (reader.TokenType is JsonTokenType.EndObject or JsonTokenType.EndArray)
                {
                    tokens[open.Pop()].End = count;
                    continue;
                }

                if (count == tokens.Length)
                    Array.Resize(ref tokens, count * 2);
                var start = (int)reader.TokenStartIndex;
                var isText = reader.TokenType is JsonTokenType.String or JsonTokenType.PropertyName;
                tokens[count] = new Token
                {
                    Type = reader.TokenType,
                    Escaped = reader.ValueIsEscaped,
                    Start = isText ? start + 1 : start,
                    Length = reader.ValueSpan.Length,
                    End = count + 1,
                };
                if (open.Count > 0 && reader.TokenType != JsonTokenType.PropertyName)
                    tokens[open.Peek()].Count++;
                if (reader.TokenType is JsonTokenType.StartObject or JsonTokenType.StartArray)
                {
                    if (open.Count == CelLimits.MaxJsonDepth)
                        return TooDeep;
                    open.Push(count);
                }

                count++;
            }
        }
        catch (JsonException)
        {
            return Invalid;
        }

        return count == 0 ? Invalid : new JsonTape(utf8, tokens).Value(0);
    }

    public int End(int token) => _tokens[token].End;

    public int Count(int token) => _tokens[token].Count;

    public int Length(int token) => _tokens[token].Length;

    public CelValue Value(int token)
    {
        ref readonly var t = ref _tokens[token];
        return t.Type switch
        {
            JsonTokenType.StartObject => new(_maps, token),
            JsonTokenType.StartArray => new(_lists, token),
            JsonTokenType.String or JsonTokenType.PropertyName => new(_texts, token),
            JsonTokenType.True => CelValue.True,
            JsonTokenType.False => CelValue.False,
            JsonTokenType.Null => CelValue.Null,
            _ => Number(Span(t)),
        };
    }

    public string GetString(int token)
    {
        // Decoded once; two threads may both decode, and either result serves.
        var strings = _strings ??= new string?[_tokens.Length];
        return strings[token] ??= Decode(token);
    }

    public bool StringEquals(int token, string text)
    {
        ref readonly var t = ref _tokens[token];
        if (t.Escaped || _strings?[token] is not null)
            return string.Equals(GetString(token), text, StringComparison.Ordinal);

        // Every UTF-16 unit takes one to three bytes, which settles most comparisons by length alone.
        if (t.Length < text.Length || t.Length > text.Length * 3)
            return false;
        return t.Length == text.Length
            ? Ascii.Equals(Span(t), text) || (!Ascii.IsValid(Span(t)) && string.Equals(GetString(token), text, StringComparison.Ordinal))
            : string.Equals(GetString(token), text, StringComparison.Ordinal);
    }

    /// <summary>The UTF-8 of a string token, when it has no escapes.</summary>
    public bool TryGetUtf8(int token, out ReadOnlySpan<byte> utf8)
    {
        ref readonly var t = ref _tokens[token];
        utf8 = Span(t);
        return !t.Escaped;
    }

    public CelValue Element(int token, int index)
    {
        ref readonly var t = ref _tokens[token];
        if ((uint)index >= (uint)t.Count)
            return default;
        if (t.End - token - 1 == t.Count)
            return Value(token + 1 + index);
        if (index < 4)
        {
            var at = token + 1;
            for (var i = 0; i < index; i++)
                at = _tokens[at].End;
            return Value(at);
        }

        return Value(Elements(token)[index]);
    }

    public CelValue Member(int token, CelName name)
    {
        if (_tokens[token].Count > IndexFrom)
            return Member(token, name.Text);
        var utf8 = name.Utf8;
        var found = -1;
        var end = _tokens[token].End;
        for (var at = token + 1; at < end; at = _tokens[at + 1].End)
        {
            ref readonly var t = ref _tokens[at];
            if (t.Escaped ? string.Equals(GetString(at), name.Text, StringComparison.Ordinal) : t.Length == utf8.Length && Span(t).SequenceEqual(utf8))
                found = at + 1;
        }

        return found < 0 ? default : Value(found);
    }

    public CelValue Member(int token, string name)
    {
        var found = FindMember(token, name);
        return found < 0 ? default : Value(found);
    }

    public int MemberCount(int token)
    {
        var count = 0;
        var cursor = token + 1;
        while (NextMember(token, ref cursor, out _, out _))
            count++;
        return count;
    }

    /// <summary>Steps over the members; of a name given twice only the last one counts, as in a look-up.</summary>
    public bool NextMember(int token, ref int cursor, out CelValue key, out CelValue value)
    {
        var end = _tokens[token].End;
        while (cursor < end)
        {
            var at = cursor;
            cursor = _tokens[at + 1].End;
            if (!IsLast(token, at))
                continue;
            key = Value(at);
            value = Value(at + 1);
            return true;
        }

        key = default;
        value = default;
        return false;
    }

    private bool IsLast(int token, int at)
    {
        if (_tokens[token].Count > IndexFrom)
            return FindMember(token, GetString(at)) == at + 1;
        ref readonly var name = ref _tokens[at];
        var end = _tokens[token].End;
        for (var later = _tokens[at + 1].End; later < end; later = _tokens[later + 1].End)
        {
            ref readonly var t = ref _tokens[later];
            if (t.Escaped || name.Escaped ? string.Equals(GetString(later), GetString(at), StringComparison.Ordinal) : Span(t).SequenceEqual(Span(name)))
                return false;
        }

        return true;
    }

    private int FindMember(int token, string name)
    {
        var end = _tokens[token].End;
        if (_tokens[token].Count <= IndexFrom)
        {
            var found = -1;
            for (var at = token + 1; at < end; at = _tokens[at + 1].End)
            {
                if (StringEquals(at, name))
                    found = at + 1;
            }

            return found;
        }

        lock (_tokens)
        {
            _memberIndexes ??= [];
            if (!_memberIndexes.TryGetValue(token, out var index))
            {
                index = new Dictionary<string, int>(_tokens[token].Count, StringComparer.Ordinal);
                for (var at = token + 1; at < end; at = _tokens[at + 1].End)
                    index[GetString(at)] = at + 1;
                _memberIndexes.Add(token, index);
            }

            return index.GetValueOrDefault(name, -1);
        }
    }

    private int[] Elements(int token)
    {
        lock (_tokens)
        {
            _elementIndexes ??= [];
            if (!_elementIndexes.TryGetValue(token, out var index))
            {
                index = new int[_tokens[token].Count];
                var at = token + 1;
                for (var i = 0; i < index.Length; i++, at = _tokens[at].End)
                    index[i] = at;
                _elementIndexes.Add(token, index);
            }

            return index;
        }
    }

    private string Decode(int token)
    {
        ref readonly var t = ref _tokens[token];
        if (!t.Escaped)
            return Encoding.UTF8.GetString(Span(t));

        // The quotes belong to the token and stand right around it.
        var reader = new Utf8JsonReader(_utf8.Span.Slice(t.Start - 1, t.Length + 2));
        reader.Read();
        try
        {
            return reader.GetString()!;
        }
        catch (InvalidOperationException)
        {
            // A lone surrogate escape has no text; its bytes are shown as they stand.
            return Encoding.UTF8.GetString(Span(t));
        }
    }

    private ReadOnlySpan<byte> Span(in Token token) => _utf8.Span.Slice(token.Start, token.Length);

    private static CelValue Number(ReadOnlySpan<byte> text)
    {
        if (Utf8Parser.TryParse(text, out long integer, out var used) && used == text.Length)
            return CelValue.FromInt(integer);
        if (Utf8Parser.TryParse(text, out ulong unsigned, out used) && used == text.Length)
            return CelValue.FromUint(unsigned);
        return double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number) ? CelValue.FromDouble(number) : NumberRange;
    }

    [StructLayout(LayoutKind.Auto)]
    private struct Token
    {
        public int Start;
        public int Length;
        public int End;
        public int Count;
        public JsonTokenType Type;
        public bool Escaped;
    }
}
