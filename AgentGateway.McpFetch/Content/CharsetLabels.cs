using System.Collections.Frozen;
using System.Text;

namespace AgentGateway.McpFetch.Content;

/// <summary>
/// Charset labels to encodings, as the Encoding standard (WHATWG) reads them: <c>iso-8859-1</c> and <c>us-ascii</c> mean windows-1252,
/// <c>gb2312</c> means gb18030, and so on. Other names fall to the code pages of .NET.
/// </summary>
internal static class CharsetLabels
{
    private const int MaxLabelLength = 64;

    private static readonly FrozenDictionary<string, string> Aliases = new Dictionary<string, string>
    {
        ["utf8"] = "utf-8",
        ["unicode-1-1-utf-8"] = "utf-8",
        ["unicode11utf8"] = "utf-8",
        ["unicode20utf8"] = "utf-8",
        ["x-unicode20utf8"] = "utf-8",
        ["utf8mb4"] = "utf-8",
        ["utf-8-sig"] = "utf-8",
        ["utf-16"] = "utf-16le",
        ["ucs-2"] = "utf-16le",
        ["iso-10646-ucs-2"] = "utf-16le",
        ["csunicode"] = "utf-16le",
        ["unicode"] = "utf-16le",
        ["unicodefeff"] = "utf-16le",
        ["unicodefffe"] = "utf-16be",
        ["iso-8859-1"] = "windows-1252",
        ["iso8859-1"] = "windows-1252",
        ["iso_8859-1"] = "windows-1252",
        ["iso88591"] = "windows-1252",
        ["latin1"] = "windows-1252",
        ["latin-1"] = "windows-1252",
        ["l1"] = "windows-1252",
        ["us-ascii"] = "windows-1252",
        ["ascii"] = "windows-1252",
        ["ansi_x3.4-1968"] = "windows-1252",
        ["cp1252"] = "windows-1252",
        ["x-cp1252"] = "windows-1252",
        ["cp819"] = "windows-1252",
        ["iso-8859-9"] = "windows-1254",
        ["iso8859-9"] = "windows-1254",
        ["latin5"] = "windows-1254",
        ["cp1254"] = "windows-1254",
        ["iso-8859-11"] = "windows-874",
        ["tis-620"] = "windows-874",
        ["dos-874"] = "windows-874",
        ["iso8859-2"] = "iso-8859-2",
        ["latin2"] = "iso-8859-2",
        ["iso8859-5"] = "iso-8859-5",
        ["cyrillic"] = "iso-8859-5",
        ["iso8859-15"] = "iso-8859-15",
        ["latin-9"] = "iso-8859-15",
        ["latin9"] = "iso-8859-15",
        ["iso-8859-8-i"] = "iso-8859-8",
        ["logical"] = "iso-8859-8",
        ["cp1250"] = "windows-1250",
        ["cp1251"] = "windows-1251",
        ["x-cp1250"] = "windows-1250",
        ["x-cp1251"] = "windows-1251",
        ["koi8"] = "koi8-r",
        ["koi"] = "koi8-r",
        ["koi8-ru"] = "koi8-u",
        ["x-mac-cyrillic"] = "x-mac-cyrillic",
        ["mac"] = "macintosh",
        ["gb2312"] = "gb18030",
        ["gbk"] = "gb18030",
        ["x-gbk"] = "gb18030",
        ["cp936"] = "gb18030",
        ["gb_2312-80"] = "gb18030",
        ["chinese"] = "gb18030",
        ["big5-hkscs"] = "big5",
        ["cn-big5"] = "big5",
        ["x-x-big5"] = "big5",
        ["shift-jis"] = "shift_jis",
        ["sjis"] = "shift_jis",
        ["x-sjis"] = "shift_jis",
        ["ms_kanji"] = "shift_jis",
        ["windows-31j"] = "shift_jis",
        ["cp932"] = "shift_jis",
        ["ms932"] = "shift_jis",
        ["x-euc-jp"] = "euc-jp",
        ["eucjp"] = "euc-jp",
        ["ks_c_5601-1987"] = "ks_c_5601-1987",
        ["euc-kr"] = "ks_c_5601-1987",
        ["ksc5601"] = "ks_c_5601-1987",
        ["ks_c_5601"] = "ks_c_5601-1987",
        ["korean"] = "ks_c_5601-1987",
        ["windows-949"] = "ks_c_5601-1987",
        ["cp949"] = "ks_c_5601-1987",
    }.ToFrozenDictionary(StringComparer.Ordinal);

    static CharsetLabels() => Encoding.RegisterProvider(CodePagesEncodingProvider.Instance);

    /// <summary>The encoding that <paramref name="label"/> names, null when it names none that is known here.</summary>
    internal static Encoding? Resolve(string label)
    {
        var name = label.Trim().ToLowerInvariant();
        if (name.Length is 0 or > MaxLabelLength)
            return null;
        name = Aliases.GetValueOrDefault(name, name);
        if (name is "utf-8")
            return Encoding.UTF8;
        if (name is "utf-7" or "csutf7")
            return null; // not a web encoding, and a way to smuggle markup
        try
        {
            return Encoding.GetEncoding(name);
        }
        catch (Exception e) when (e is ArgumentException or NotSupportedException)
        {
            return null;
        }
    }
}
