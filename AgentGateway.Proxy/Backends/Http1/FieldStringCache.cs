using System.Text;

namespace AgentGateway.Proxy.Backends.Http1;

/// <summary>
/// Texts of the last response's fields, by position. Successive responses of one upstream carry mostly the same fields in the same order,
/// so that comparing bytes spares the strings.
/// </summary>
internal sealed class FieldStringCache
{
    private const int Positions = 24;
    private const int LongestKept = 128;

    private readonly string?[] _names = new string?[Positions];
    private readonly string?[] _values = new string?[Positions];

    public string Name(int position, ReadOnlySpan<byte> bytes) => Get(_names, position, bytes);

    public string Value(int position, ReadOnlySpan<byte> bytes) => Get(_values, position, bytes);

    private static string Get(string?[] kept, int position, ReadOnlySpan<byte> bytes)
    {
        if (position >= Positions || bytes.Length > LongestKept)
        {
            return FieldText.Decode(bytes);
        }

        if (kept[position] is { } last && last.Length == bytes.Length && Ascii.Equals(bytes, last))
        {
            return last;
        }

        var text = FieldText.Decode(bytes);
        kept[position] = text;
        return text;
    }
}
