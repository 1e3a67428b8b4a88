using System.Text;

namespace AgentGateway.Proxy.Mcp;

/// <summary>Makes text of others fit for one log line.</summary>
internal static class LogText
{
    /// <summary>Decodes up to <paramref name="limit"/> bytes; control characters, which could forge lines or drive a terminal, become dots.</summary>
    public static string Of(ReadOnlySpan<byte> text, int limit)
    {
        var chars = Encoding.UTF8.GetString(text.Length > limit ? text[..limit] : text).ToCharArray();
        for (var i = 0; i < chars.Length; i++)
        {
            if (char.IsControl(chars[i]) && chars[i] != '\t')
            {
                chars[i] = '.';
            }
        }

        return new string(chars);
    }
}
