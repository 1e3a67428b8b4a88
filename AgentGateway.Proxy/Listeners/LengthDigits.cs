using System.Text;

namespace AgentGateway.Proxy.Listeners;

/// <summary>
/// Decodes <c>Content-Length</c> for the server, which reads it by the rules of numbers and so takes a sign. A length is digits (RFC 9112, 6.2): with
/// anything else in it, it is decoded to what is no number, and the server refuses the request. Leading zeros are digits too; over 19 characters are
/// refused.
/// </summary>
internal sealed class LengthDigits : Encoding
{
    private const char NoDigit = 'x';

    private LengthDigits()
    {
    }

    public static LengthDigits Instance { get; } = new();

    /// <summary>The encoding of a field of a request; null is the server's own.</summary>
    public static Encoding? Of(string name) => name.Length == "Content-Length".Length && name == "Content-Length" ? Instance : null;

    public override int GetChars(ReadOnlySpan<byte> bytes, Span<char> chars)
    {
        var count = Math.Min(bytes.Length, chars.Length);
        for (var i = 0; i < count; i++)
        {
            chars[i] = char.IsAsciiDigit((char)bytes[i]) ? (char)bytes[i] : NoDigit;
        }

        return count;
    }

    public override int GetChars(byte[] bytes, int byteIndex, int byteCount, char[] chars, int charIndex) =>
        GetChars(bytes.AsSpan(byteIndex, byteCount), chars.AsSpan(charIndex));

    public override int GetCharCount(byte[] bytes, int index, int count) => count;

    public override int GetMaxCharCount(int byteCount) => byteCount;

    public override int GetByteCount(char[] chars, int index, int count) => count;

    public override int GetBytes(char[] chars, int charIndex, int charCount, byte[] bytes, int byteIndex) =>
        ASCII.GetBytes(chars, charIndex, charCount, bytes, byteIndex);

    public override int GetMaxByteCount(int charCount) => charCount;
}
