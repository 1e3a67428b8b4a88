using System.Text;

namespace AgentGateway.McpFetch.Content;

/// <summary>Byte order marks the Encoding standard knows: UTF-8 and UTF-16.</summary>
internal static class ByteOrderMark
{
    /// <summary>The encoding that the mark at the start of <paramref name="body"/> names, null without one.</summary>
    internal static Encoding? Detect(ReadOnlySpan<byte> body) => body switch
    {
        [0xEF, 0xBB, 0xBF, ..] => Encoding.UTF8,
        [0xFE, 0xFF, ..] => Encoding.BigEndianUnicode,
        [0xFF, 0xFE, ..] => Encoding.Unicode,
        _ => null,
    };

    /// <summary><paramref name="body"/> without its mark.</summary>
    internal static ReadOnlySpan<byte> Strip(ReadOnlySpan<byte> body) => Detect(body) switch
    {
        null => body,
        UTF8Encoding => body[3..],
        _ => body[2..],
    };
}
