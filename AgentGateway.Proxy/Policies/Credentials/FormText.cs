using System.Net.Http.Headers;
using System.Text;

namespace AgentGateway.Proxy.Policies.Credentials;

/// <summary>Bodies of type <c>application/x-www-form-urlencoded</c>.</summary>
internal static class FormText
{
    /// <summary>The form without one parameter; the others stay as they were spelled.</summary>
    public static byte[] Without(byte[] form, string name) =>
        Encoding.UTF8.GetBytes(QueryText.Remove("?" + Encoding.UTF8.GetString(form), name).TrimStart('?'));

    /// <summary>A form to send. Its type has no <c>charset</c>: the media type knows no such parameter, and some servers refuse it.</summary>
    public static ByteArrayContent Content(IEnumerable<KeyValuePair<string, string>> parameters)
    {
        var content = new ByteArrayContent(Encoding.ASCII.GetBytes(Encode(parameters)));
        content.Headers.ContentType = new MediaTypeHeaderValue("application/x-www-form-urlencoded");
        return content;
    }

    /// <summary>Encodes parameters in order.</summary>
    public static string Encode(IEnumerable<KeyValuePair<string, string>> parameters)
    {
        var text = new StringBuilder();
        foreach (var (name, value) in parameters)
        {
            text.Append(text.Length == 0 ? "" : "&").Append(Uri.EscapeDataString(name)).Append('=').Append(Uri.EscapeDataString(value));
        }

        return text.ToString();
    }
}
