using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace AgentGateway.Proxy.Mcp.Upstreams;

/// <summary>
/// The value of an <c>Mcp-Name</c> header: plain when it is safe in a header, else <c>=?base64?…?=</c> (MCP 2026-07-28, Streamable HTTP, value encoding).
/// </summary>
internal static class RoutingHeaderValue
{
    private const string Prefix = "=?base64?";
    private const string Suffix = "?=";

    public static string Encode(string value) =>
        IsPlain(value) ? value : Prefix + Convert.ToBase64String(Encoding.UTF8.GetBytes(value)) + Suffix;

    /// <summary>Reads a header value; false when it is marked as base64 and is none, or is no UTF-8.</summary>
    public static bool TryDecode(string header, [NotNullWhen(true)] out string? value)
    {
        if (!IsWrapped(header))
        {
            value = header;
            return true;
        }

        value = null;
        var encoded = header.AsSpan(Prefix.Length, header.Length - Prefix.Length - Suffix.Length);
        var bytes = new byte[encoded.Length];
        if (!Convert.TryFromBase64Chars(encoded, bytes, out var length))
        {
            return false;
        }

        try
        {
            value = new UTF8Encoding(false, throwOnInvalidBytes: true).GetString(bytes, 0, length);
            return true;
        }
        catch (DecoderFallbackException)
        {
            return false;
        }
    }

    private static bool IsPlain(string value)
    {
        if (value.Length == 0 || value[0] is ' ' or '\t' || value[^1] is ' ' or '\t' || IsWrapped(value))
        {
            return false;
        }

        foreach (var c in value)
        {
            if (c is (< ' ' or > '~') and not '\t')
            {
                return false;
            }
        }

        return true;
    }

    private static bool IsWrapped(string value) =>
        value.Length >= Prefix.Length + Suffix.Length && value.StartsWith(Prefix, StringComparison.Ordinal) && value.EndsWith(Suffix, StringComparison.Ordinal);
}
