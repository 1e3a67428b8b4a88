using System.Collections.Concurrent;
using System.Collections.Frozen;
using System.Globalization;

namespace AgentGateway.Cel.Functions;

/// <summary>What <c>\p{...}</c> can name: the general categories, and the scripts in common use.</summary>
internal static class RegexProperties
{
    private static readonly string[] CategoryNames =
    [
        "Lu", "Ll", "Lt", "Lm", "Lo", "Mn", "Mc", "Me", "Nd", "Nl", "No", "Zs", "Zl", "Zp", "Cc", "Cf", "Cs", "Co", "Pc", "Pd", "Ps", "Pe", "Pi", "Pf", "Po", "Sm", "Sc", "Sk", "So", "Cn",
    ];

    private const int Block = 64;

    private static readonly ConcurrentDictionary<string, (int From, int To)[]> AstralBlocks = new();

    // Unicode's Scripts.txt.
    private static readonly FrozenDictionary<string, (int From, int To)[]> Scripts = new Dictionary<string, (int From, int To)[]>
    {
        ["Latin"] =
        [
            (0x41, 0x5A), (0x61, 0x7A), (0xAA, 0xAA), (0xBA, 0xBA), (0xC0, 0xD6), (0xD8, 0xF6), (0xF8, 0x2B8), (0x2E0, 0x2E4), (0x1D00, 0x1D25), (0x1D2C, 0x1D5C), (0x1D62, 0x1D65), (0x1D6B, 0x1D77),
            (0x1D79, 0x1DBE), (0x1E00, 0x1EFF), (0x2071, 0x2071), (0x207F, 0x207F), (0x2090, 0x209C), (0x212A, 0x212B), (0x2132, 0x2132), (0x214E, 0x214E), (0x2160, 0x2188), (0x2C60, 0x2C7F),
            (0xA722, 0xA787), (0xA78B, 0xA7CA), (0xA7F2, 0xA7FF), (0xAB30, 0xAB5A), (0xAB5C, 0xAB64), (0xFB00, 0xFB06), (0xFF21, 0xFF3A), (0xFF41, 0xFF5A),
        ],
        ["Greek"] =
        [
            (0x370, 0x373), (0x375, 0x377), (0x37A, 0x37D), (0x37F, 0x37F), (0x384, 0x384), (0x386, 0x386), (0x388, 0x3E1), (0x3F0, 0x3FF), (0x1D26, 0x1D2A), (0x1D5D, 0x1D61), (0x1D66, 0x1D6A),
            (0x1DBF, 0x1DBF), (0x1F00, 0x1FFE), (0x2126, 0x2126), (0xAB65, 0xAB65), (0x10140, 0x1018E), (0x101A0, 0x101A0), (0x1D200, 0x1D245),
        ],
        ["Cyrillic"] = [(0x400, 0x484), (0x487, 0x52F), (0x1C80, 0x1C8A), (0x1D2B, 0x1D2B), (0x1D78, 0x1D78), (0x2DE0, 0x2DFF), (0xA640, 0xA69F), (0xFE2E, 0xFE2F)],
        ["Han"] =
        [
            (0x2E80, 0x2E99), (0x2E9B, 0x2EF3), (0x2F00, 0x2FD5), (0x3005, 0x3005), (0x3007, 0x3007), (0x3021, 0x3029), (0x3038, 0x303B), (0x3400, 0x4DBF), (0x4E00, 0x9FFF), (0xF900, 0xFA6D),
            (0xFA70, 0xFAD9), (0x16FE2, 0x16FE3), (0x16FF0, 0x16FF1), (0x20000, 0x2A6DF), (0x2A700, 0x2EBE0), (0x2F800, 0x2FA1D), (0x30000, 0x323AF),
        ],
        ["Hiragana"] = [(0x3041, 0x3096), (0x309D, 0x309F), (0x1B001, 0x1B11F), (0x1B150, 0x1B152), (0x1F200, 0x1F200)],
        ["Katakana"] = [(0x30A1, 0x30FA), (0x30FD, 0x30FF), (0x31F0, 0x31FF), (0x32D0, 0x32FE), (0x3300, 0x3357), (0xFF66, 0xFF6F), (0xFF71, 0xFF9D), (0x1B000, 0x1B000), (0x1B164, 0x1B167)],
        ["Hangul"] =
        [
            (0x1100, 0x11FF), (0x302E, 0x302F), (0x3131, 0x318E), (0x3200, 0x321E), (0x3260, 0x327E), (0xA960, 0xA97C), (0xAC00, 0xD7A3), (0xD7B0, 0xD7FB), (0xFFA0, 0xFFBE), (0xFFC2, 0xFFDC),
        ],
        ["Arabic"] =
        [
            (0x600, 0x604), (0x606, 0x60B), (0x60D, 0x61A), (0x61C, 0x61E), (0x620, 0x63F), (0x641, 0x64A), (0x656, 0x66F), (0x671, 0x6DC), (0x6DE, 0x6FF), (0x750, 0x77F), (0x870, 0x88E),
            (0x890, 0x891), (0x898, 0x8E1), (0x8E3, 0x8FF), (0xFB50, 0xFBC2), (0xFBD3, 0xFD3D), (0xFD40, 0xFD8F), (0xFD92, 0xFDC7), (0xFDCF, 0xFDCF), (0xFDF0, 0xFDFF), (0xFE70, 0xFEFC),
        ],
        ["Hebrew"] = [(0x591, 0x5C7), (0x5D0, 0x5EA), (0x5EF, 0x5F4), (0xFB1D, 0xFB4F)],
        ["Thai"] = [(0xE01, 0xE3A), (0xE40, 0xE5B)],
        ["Devanagari"] = [(0x900, 0x950), (0x955, 0x963), (0x966, 0x97F), (0xA8E0, 0xA8FF)],
    }.ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>Adds a category or script to a class; false when the name is neither.</summary>
    public static bool TryAdd(RegexSet set, string name, bool negated)
    {
        if (name == "Any")
        {
            set.Add([(0, 0x10FFFF)], negated);
            return true;
        }

        if (Scripts.TryGetValue(name, out var script))
        {
            set.Add(script, negated);
            return true;
        }

        if (!CategoryNames.Any(c => c.StartsWith(name, StringComparison.Ordinal)) || name.Length is 0 or > 2)
            return false;
        set.AddCategory(name, AstralBlocks.GetOrAdd(name, static n => Astral(n)), negated);
        return true;
    }

    /// <summary>
    /// A category beyond U+FFFF, by blocks of 64 code points that count as what most in them are: the exact list makes an automaton that takes a second to build.
    /// Blocks not assigned yet count with the one before.
    /// </summary>
    private static (int From, int To)[] Astral(string name)
    {
        var ranges = new List<(int From, int To)>();
        var open = false;
        for (var from = 0x10000; from <= 0x10FFFF; from += Block)
        {
            var within = 0;
            var assigned = 0;
            for (var at = from; at < from + Block; at++)
            {
                var category = CharUnicodeInfo.GetUnicodeCategory(at);
                within += CategoryNames[(int)category].StartsWith(name, StringComparison.Ordinal) ? 1 : 0;
                assigned += category != UnicodeCategory.OtherNotAssigned || name == "Cn" ? 1 : 0;
            }

            if (assigned > 0)
                open = within * 2 > assigned;
            if (!open)
                continue;
            if (ranges.Count > 0 && ranges[^1].To == from - 1)
                ranges[^1] = (ranges[^1].From, from + Block - 1);
            else
                ranges.Add((from, from + Block - 1));
        }

        return [.. ranges];
    }
}
