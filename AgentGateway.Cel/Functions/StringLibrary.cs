using System.Text;
using AgentGateway.Cel.Evaluation;
using AgentGateway.Cel.Values;

namespace AgentGateway.Cel.Functions;

/// <summary>The strings extension. All indexes count code points.</summary>
internal static class StringLibrary
{
    private static readonly CelValue OutOfRange = EvalErrors.IndexOutOfRange;

    public static void Register(LibraryBuilder library, CelLeniency leniency)
    {
        var truncating = (leniency & CelLeniency.TruncatingSubstring) != 0;
        library.Method("string.charAt(int) -> string", CharAt, "The code point at a place; empty at the end.");
        library.Method("string.indexOf(string) -> int", static (in CelCall call) => IndexOf(call, 0), "Where a part first stands, or -1.");
        library.Method("string.indexOf(string, int) -> int", (in CelCall call) => IndexOf(call, call[2].Bits, truncating), "Where a part first stands from a place on, or -1.");
        library.Method("string.lastIndexOf(string) -> int", static (in CelCall call) => LastIndexOf(call, -1), "Where a part last stands, or -1.");
        library.Method("string.lastIndexOf(string, int) -> int", (in CelCall call) => call[2].Bits < 0 ? OutOfRange : LastIndexOf(call, call[2].Bits, truncating), "Where a part last stands up to a place, or -1.");
        library.Method("list(string).join() -> string", static (in CelCall call) => Join(call, ""), "The strings one after the other.");
        library.Method("list(string).join(string) -> string", static (in CelCall call) => Join(call, call[1].AsString()), "The strings with a separator between them.");
        library.Method("string.lowerAscii() -> string", static (in CelCall call) => Map(call, static text => Ascii(text, lower: true)), "ASCII letters in lower case.");
        library.Method("string.upperAscii() -> string", static (in CelCall call) => Map(call, static text => Ascii(text, lower: false)), "ASCII letters in upper case.");
        library.Method("string.trim() -> string", static (in CelCall call) => Map(call, Trim), "Without white space at both ends.");
        library.Method("string.replace(string, string) -> string", static (in CelCall call) => Replace(call, -1), "With all occurrences of a part replaced.");
        library.Method("string.replace(string, string, int) -> string", static (in CelCall call) => Replace(call, call[3].Bits), "With the first occurrences of a part replaced; negative for all.");
        library.Method("string.split(string) -> list(string)", static (in CelCall call) => Split(call, -1), "The parts between separators.");
        library.Method("string.split(string, int) -> list(string)", static (in CelCall call) => Split(call, call[2].Bits), "At most so many parts; negative for all.");
        library.Method("string.substring(int) -> string", static (in CelCall call) => Substring(call, long.MaxValue, truncating: true), "From a place to the end.");
        library.Method("string.substring(int, int) -> string", (in CelCall call) => Substring(call, call[2].Bits, truncating), "From a place up to before another.");
        library.Method("string.reverse() -> string", static (in CelCall call) => Map(call, Reverse), "The code points in reverse order.");
        library.Function("strings.quote(string) -> string", Quote, "The string as a literal with quotes and escapes.");
        library.Method("string.format(list) -> string", StringFormat.Format, "Fills in the `%s %d %f %e %b %x %X %o` clauses.");
        library.Method("string.stripPrefix(string) -> string", static (in CelCall call) =>
            call[0].AsString().StartsWith(call[1].AsString(), StringComparison.Ordinal) ? Part(call, call[1].AsString().Length..) : call[0], "Without this beginning, if it has it.");
        library.Method("string.stripSuffix(string) -> string", static (in CelCall call) =>
            call[0].AsString().EndsWith(call[1].AsString(), StringComparison.Ordinal) ? Part(call, ..^call[1].AsString().Length) : call[0], "Without this end, if it has it.");
    }

    private static CelValue Part(in CelCall call, Range range)
    {
        var text = call[0].AsString();
        return call.TryReserve(range.GetOffsetAndLength(text.Length).Length) ? CelValue.FromString(text[range]) : EvalErrors.SizeLimit;
    }

    private static CelValue Map(in CelCall call, Func<string, string> map)
    {
        var text = call[0].AsString();
        return call.TryReserve(text.Length) ? CelValue.FromString(map(text)) : EvalErrors.SizeLimit;
    }

    private static string Ascii(string text, bool lower) => string.Create(text.Length, (text, lower), static (span, state) =>
    {
        for (var i = 0; i < span.Length; i++)
        {
            var c = state.text[i];
            span[i] = state.lower ? (char.IsAsciiLetterUpper(c) ? (char)(c | 0x20) : c) : (char.IsAsciiLetterLower(c) ? (char)(c & ~0x20) : c);
        }
    });

    /// <summary>Unicode White_Space.</summary>
    private static string Trim(string text)
    {
        static bool Blank(char c) => c is (>= '\t' and <= '\r') or ' ' or '\u0085' or '\u00A0' or '\u1680' or (>= '\u2000' and <= '\u200A') or '\u2028' or '\u2029' or '\u202F' or '\u205F' or '\u3000';
        var start = 0;
        var end = text.Length;
        while (start < end && Blank(text[start]))
            start++;
        while (end > start && Blank(text[end - 1]))
            end--;
        return text[start..end];
    }

    private static string Reverse(string text)
    {
        var reversed = new char[text.Length];
        var at = text.Length;
        for (var i = 0; i < text.Length;)
        {
            var length = CodePoints.LengthAt(text, i);
            at -= length;
            text.AsSpan(i, length).CopyTo(reversed.AsSpan(at));
            i += length;
        }

        return new string(reversed);
    }

    private static CelValue CharAt(in CelCall call)
    {
        var text = call[0].AsString();
        var at = CodePoints.ToUtf16(text, call[1].Bits);
        if (at < 0)
            return OutOfRange;
        return CelValue.FromString(at == text.Length ? "" : text.Substring(at, CodePoints.LengthAt(text, at)));
    }

    private static CelValue IndexOf(in CelCall call, long from, bool truncating = false)
    {
        var text = call[0].AsString();
        var part = call[1].AsString();
        if (!Search(call, text, part))
            return EvalErrors.WorkLimit;
        var start = CodePoints.ToUtf16(text, from);
        if (start < 0)
            return truncating && from > 0 ? PastEnd(text, part) : OutOfRange;
        var found = text.IndexOf(part, start, StringComparison.Ordinal);
        return CelValue.FromInt(found < 0 ? -1 : CodePoints.FromUtf16(text, found));
    }

    private static CelValue LastIndexOf(in CelCall call, long upTo, bool truncating = false)
    {
        var text = call[0].AsString();
        var part = call[1].AsString();
        if (!Search(call, text, part))
            return EvalErrors.WorkLimit;
        var last = upTo < 0 ? text.Length : CodePoints.ToUtf16(text, upTo);
        if (last < 0)
            return truncating ? PastEnd(text, part) : OutOfRange;
        var found = text.AsSpan(0, (int)Math.Min((long)last + part.Length, text.Length)).LastIndexOf(part, StringComparison.Ordinal);
        return CelValue.FromInt(found < 0 ? -1 : CodePoints.FromUtf16(text, found));
    }

    /// <summary>From a place past the end nothing is found, but for the empty part, which stands at the end.</summary>
    private static CelValue PastEnd(string text, string part) => CelValue.FromInt(part.Length == 0 ? CodePoints.Count(text) : -1);

    /// <summary>A search may compare the part at every place of the text.</summary>
    private static bool Search(in CelCall call, string text, string part) => call.Frame.TrySearch(text.Length, part.Length);

    private static CelValue Join(in CelCall call, string separator)
    {
        var list = call[0].AsList();
        long length = 0;
        var count = 0;
        foreach (var item in list)
        {
            if (item.Kind != CelKind.String)
                return EvalErrors.NoOverload("join", call.Args);
            length += item.AsString().Length + (count++ > 0 ? separator.Length : 0);
        }

        if (!call.TrySpend(count) || !call.TryReserve(length))
            return EvalErrors.SizeLimit;
        var text = new StringBuilder((int)length);
        var first = true;
        foreach (var item in list)
        {
            if (!first)
                text.Append(separator);
            first = false;
            text.Append(item.AsString());
        }

        return CelValue.FromString(text.ToString());
    }

    private static CelValue Replace(in CelCall call, long limit)
    {
        var text = call[0].AsString();
        var part = call[1].AsString();
        var replacement = call[2].AsString();
        if (limit == 0)
            return call[0];
        if (!Search(call, text, part))
            return EvalErrors.WorkLimit;

        // The size of the result is known before it is built.
        long found = 0;
        if (part.Length == 0)
        {
            found = CodePoints.Count(text) + 1;
        }
        else
        {
            for (var at = text.IndexOf(part, StringComparison.Ordinal); at >= 0 && (limit < 0 || found < limit); at = text.IndexOf(part, at + part.Length, StringComparison.Ordinal))
                found++;
        }

        if (limit > 0)
            found = Math.Min(found, limit);
        if (found == 0)
            return call[0];
        var length = text.Length + found * ((long)replacement.Length - part.Length);
        if (!call.TryReserve(length))
            return EvalErrors.SizeLimit;
        var result = new StringBuilder((int)length);
        var position = 0;
        for (; found > 0; found--)
        {
            if (part.Length == 0)
            {
                result.Append(replacement);
                if (position < text.Length)
                {
                    var step = CodePoints.LengthAt(text, position);
                    result.Append(text, position, step);
                    position += step;
                }

                continue;
            }

            var next = text.IndexOf(part, position, StringComparison.Ordinal);
            result.Append(text, position, next - position).Append(replacement);
            position = next + part.Length;
        }

        return CelValue.FromString(result.Append(text, position, text.Length - position).ToString());
    }

    private static CelValue Split(in CelCall call, long limit)
    {
        var text = call[0].AsString();
        var separator = call[1].AsString();
        if (limit == 0)
            return new ListBuilder(0).ToValue();
        if (limit == 1)
            return CelValue.FromList(call[0]);
        if (!Search(call, text, separator) || !call.TryReserve(text.Length))
            return EvalErrors.WorkLimit;
        var parts = new ListBuilder(0);
        var start = 0;
        while (limit < 0 || parts.Count < limit - 1)
        {
            int end;
            if (separator.Length == 0)
            {
                if (start >= text.Length)
                    break;
                end = start + CodePoints.LengthAt(text, start);
                if (end == text.Length)
                    break;
            }
            else
            {
                end = text.IndexOf(separator, start, StringComparison.Ordinal);
                if (end < 0)
                    break;
            }

            if (!call.TryReserve(1, 64))
                return EvalErrors.SizeLimit;
            parts.Add(CelValue.FromString(text[start..end]));
            start = end + separator.Length;
        }

        if (separator.Length > 0 || start < text.Length)
            parts.Add(CelValue.FromString(text[start..]));
        return parts.ToValue();
    }

    private static CelValue Substring(in CelCall call, long end, bool truncating)
    {
        var text = call[0].AsString();
        var from = CodePoints.ToUtf16(text, call[1].Bits);
        if (from < 0 || !call.TryReserve(text.Length - from))
            return OutOfRange;
        var to = end >= text.Length && truncating ? text.Length : CodePoints.ToUtf16(text, end);
        if (to < 0 && truncating && end > call[1].Bits)
            to = text.Length;
        return to < from ? OutOfRange : CelValue.FromString(text[from..to]);
    }

    private static CelValue Quote(in CelCall call)
    {
        var text = call[0].AsString();
        if (!call.TryReserve(text.Length * 2L))
            return EvalErrors.SizeLimit;
        var quoted = new StringBuilder(text.Length + 8).Append('"');
        foreach (var rune in text.EnumerateRunes())
        {
            var escape = rune.Value switch
            {
                '\a' => "\\a",
                '\b' => "\\b",
                '\f' => "\\f",
                '\n' => "\\n",
                '\r' => "\\r",
                '\t' => "\\t",
                '\v' => "\\v",
                '\\' => "\\\\",
                '"' => "\\\"",
                _ => null,
            };
            if (escape is not null)
                quoted.Append(escape);
            else
                quoted.Append(rune);
        }

        return CelValue.FromString(quoted.Append('"').ToString());
    }
}
