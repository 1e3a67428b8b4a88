using System.Text;

namespace AgentGateway.Proxy.Backends.Http1;

/// <summary>Bytes of header fields as text: UTF-8 where they are that, else Latin-1 byte by byte (RFC 9110, 5.5: obs-text).</summary>
internal static class FieldText
{
    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    public static string Decode(ReadOnlySpan<byte> bytes)
    {
        if (Ascii.IsValid(bytes))
        {
            return Encoding.ASCII.GetString(bytes);
        }

        return System.Text.Unicode.Utf8.IsValid(bytes) ? Strict.GetString(bytes) : Encoding.Latin1.GetString(bytes);
    }
}
