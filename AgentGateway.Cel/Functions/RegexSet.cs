using System.Globalization;
using System.Text;

namespace AgentGateway.Cel.Functions;

/// <summary>
/// The code points a class of a regular expression takes, written for an engine that sees UTF-16: what lies beyond U+FFFF becomes pairs of surrogates,
/// and half a pair never matches.
/// </summary>
internal sealed class RegexSet
{
    private const int FirstAstral = 0x10000;
    private const int LastAstral = 0x10FFFF;

    private readonly List<(int From, int To)> _ranges = [];
    private readonly StringBuilder _categories = new();

    public RegexSet Add(int from, int to)
    {
        _ranges.Add((from, to));
        return this;
    }

    /// <summary>Adds pairs of first and last characters.</summary>
    public RegexSet Add(string pairs, bool negated = false)
    {
        if (!negated)
        {
            for (var i = 0; i < pairs.Length; i += 2)
                _ranges.Add((pairs[i], pairs[i + 1]));
            return this;
        }

        var next = 0;
        for (var i = 0; i < pairs.Length; i += 2)
        {
            if (pairs[i] > next)
                _ranges.Add((next, pairs[i] - 1));
            next = pairs[i + 1] + 1;
        }

        _ranges.Add((next, LastAstral));
        return this;
    }

    /// <summary>Adds ranges in ascending order, or what lies between them.</summary>
    public void Add(ReadOnlySpan<(int From, int To)> ranges, bool negated)
    {
        var next = 0;
        foreach (var (from, to) in ranges)
        {
            if (!negated)
                _ranges.Add((from, to));
            else if (from > next)
                _ranges.Add((next, from - 1));
            next = to + 1;
        }

        if (negated && next <= LastAstral)
            _ranges.Add((next, LastAstral));
    }

    /// <summary>Adds a general category: by its name up to U+FFFF, by ranges beyond.</summary>
    public void AddCategory(string name, ReadOnlySpan<(int From, int To)> astral, bool negated)
    {
        _categories.Append(negated ? "\\P{" : "\\p{").Append(name).Append('}');
        var next = FirstAstral;
        foreach (var (from, to) in astral)
        {
            if (!negated)
                _ranges.Add((from, to));
            else if (from > next)
                _ranges.Add((next, from - 1));
            next = to + 1;
        }

        if (negated && next <= LastAstral)
            _ranges.Add((next, LastAstral));
    }

    /// <summary>Writes the class, or its complement.</summary>
    /// <returns>The number of classes and characters it takes: what a repetition of it costs.</returns>
    public int Write(StringBuilder output, bool negated)
    {
        var basic = new StringBuilder();
        foreach (var (from, to) in _ranges)
        {
            Basic(basic, from, Math.Min(to, 0xD7FF));
            Basic(basic, Math.Max(from, 0xE000), Math.Min(to, 0xFFFF));
        }

        basic.Append(_categories);
        var astral = Astral(negated);
        var hasBasic = negated || basic.Length > 0;
        var size = 1;
        if (astral.Count > 0)
            output.Append("(?:");
        if (hasBasic && negated)
            output.Append("[^").Append(basic).Append("\\uD800-\\uDFFF]");
        else if (hasBasic)
            output.Append('[').Append(basic).Append(_categories.Length > 0 ? "-[\\uD800-\\uDFFF]]" : "]");
        var first = !hasBasic;
        foreach (var (from, to) in astral)
            size += Pairs(output, from, to, ref first);
        if (astral.Count > 0)
            output.Append(')');
        else if (!hasBasic)
            output.Append("[^\\s\\S]");
        return size;
    }

    private static void Basic(StringBuilder basic, int from, int to)
    {
        if (from > to)
            return;
        Unit(basic, from);
        if (to > from)
            Unit(basic.Append('-'), to);
    }

    private static void Unit(StringBuilder output, int unit)
    {
        if (char.IsAsciiLetterOrDigit((char)unit))
            output.Append((char)unit);
        else
            output.Append(CultureInfo.InvariantCulture, $"\\u{unit:X4}");
    }

    /// <summary>What lies beyond U+FFFF: sorted, joined, turned around if asked for.</summary>
    private List<(int From, int To)> Astral(bool negated)
    {
        var ranges = new List<(int From, int To)>();
        foreach (var (from, to) in _ranges)
        {
            if (to >= FirstAstral)
                ranges.Add((Math.Max(from, FirstAstral), to));
        }

        ranges.Sort();
        var joined = new List<(int From, int To)>();
        foreach (var (from, to) in ranges)
        {
            if (joined.Count > 0 && from <= joined[^1].To + 1)
                joined[^1] = (joined[^1].From, Math.Max(to, joined[^1].To));
            else
                joined.Add((from, to));
        }

        if (!negated)
            return joined;
        var rest = new List<(int From, int To)>();
        var next = FirstAstral;
        foreach (var (from, to) in joined)
        {
            if (from > next)
                rest.Add((next, from - 1));
            next = to + 1;
        }

        if (next <= LastAstral)
            rest.Add((next, LastAstral));
        return rest;
    }

    /// <summary>A range beyond U+FFFF as pairs: what shares its first and its last high surrogate, and all between.</summary>
    private static int Pairs(StringBuilder output, int from, int to, ref bool first)
    {
        var count = 0;
        while (from <= to)
        {
            var high = High(from);
            var end = from | 0x3FF;
            if (to < end)
                end = to;
            else if ((from & 0x3FF) == 0 && to - from >= 0x7FF)
                end = ((to + 1) & ~0x3FF) - 1;
            if (!first)
                output.Append('|');
            first = false;
            Class(output, high, High(end));
            Class(output, Low(from), Low(end));
            from = end + 1;
            count += 2;
        }

        return count;
    }

    private static int High(int codePoint) => 0xD800 + ((codePoint - FirstAstral) >> 10);

    private static int Low(int codePoint) => 0xDC00 + (codePoint & 0x3FF);

    private static void Class(StringBuilder output, int from, int to)
    {
        if (from == to)
            output.Append(CultureInfo.InvariantCulture, $"\\u{from:X4}");
        else
            output.Append(CultureInfo.InvariantCulture, $"[\\u{from:X4}-\\u{to:X4}]");
    }
}
