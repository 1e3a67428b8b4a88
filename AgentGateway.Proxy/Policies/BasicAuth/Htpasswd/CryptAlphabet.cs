using System.Buffers;
using System.Text;

namespace AgentGateway.Proxy.Policies.BasicAuth.Htpasswd;

/// <summary>The 64 characters of crypt formats, least significant bits first.</summary>
internal static class CryptAlphabet
{
    public const string Characters = "./0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

    public static readonly SearchValues<char> Set = SearchValues.Create(Characters);

    /// <summary>Writes 24 bits, given from the highest byte to the lowest, as <paramref name="count"/> characters.</summary>
    public static void Append(StringBuilder text, byte high, byte middle, byte low, int count)
    {
        var bits = (high << 16) | (middle << 8) | low;
        for (; count > 0; count--)
        {
            text.Append(Characters[bits & 0x3f]);
            bits >>= 6;
        }
    }
}
