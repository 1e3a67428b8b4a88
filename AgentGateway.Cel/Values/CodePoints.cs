namespace AgentGateway.Cel.Values;

/// <summary>Strings as sequences of Unicode code points. Text without surrogates, the usual case, is handled without decoding.</summary>
internal static class CodePoints
{
    public static bool HasSurrogates(ReadOnlySpan<char> text) => text.IndexOfAnyInRange('\uD800', '\uDFFF') >= 0;

    public static int Count(ReadOnlySpan<char> text)
    {
        if (!HasSurrogates(text))
            return text.Length;
        var count = 0;
        for (var i = 0; i < text.Length; i++, count++)
        {
            if (IsPair(text, i))
                i++;
        }

        return count;
    }

    /// <summary>The place in UTF-16 of a code point; -1 when the text has fewer code points, its length for the place after the last.</summary>
    public static int ToUtf16(ReadOnlySpan<char> text, long codePoint)
    {
        if (codePoint < 0 || codePoint > text.Length)
            return -1;
        if (!HasSurrogates(text))
            return (int)codePoint;
        var i = 0;
        for (long seen = 0; seen < codePoint; seen++)
        {
            if (i >= text.Length)
                return -1;
            i += IsPair(text, i) ? 2 : 1;
        }

        return i;
    }

    /// <summary>The number of code points before a place in UTF-16.</summary>
    public static int FromUtf16(ReadOnlySpan<char> text, int index) => Count(text[..index]);

    public static int LengthAt(ReadOnlySpan<char> text, int index) => IsPair(text, index) ? 2 : 1;

    public static int Compare(string left, string right)
    {
        // UTF-16 order differs from code point order only where a surrogate meets U+E000..U+FFFF.
        var common = left.AsSpan().CommonPrefixLength(right);
        if (common == left.Length || common == right.Length)
            return left.Length.CompareTo(right.Length);
        var a = left[common];
        var b = right[common];
        var aSurrogate = char.IsSurrogate(a);
        return aSurrogate == char.IsSurrogate(b) ? a.CompareTo(b) : aSurrogate ? (b >= '\uE000' ? 1 : a.CompareTo(b)) : (a >= '\uE000' ? -1 : a.CompareTo(b));
    }

    public static bool IsPair(ReadOnlySpan<char> text, int index) =>
        char.IsHighSurrogate(text[index]) && index + 1 < text.Length && char.IsLowSurrogate(text[index + 1]);
}
