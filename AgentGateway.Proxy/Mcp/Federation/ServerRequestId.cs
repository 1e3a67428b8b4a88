using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;
using System.Text.Json;
using AgentGateway.Proxy.Mcp.Messages;

namespace AgentGateway.Proxy.Mcp.Federation;

/// <summary>
/// Identifiers of requests that servers send to the client. Two servers can use the same one, so the client sees
/// <c>agw_&lt;target&gt;_{n|s}_&lt;identifier&gt;</c> (specification 2.6), <c>n</c> for numbers and <c>s</c> for text.
/// </summary>
internal static class ServerRequestId
{
    private const string Mark = "agw_";

    /// <summary>Adds the edits to a request of a server, or to its notice that it gave one up.</summary>
    public static void Prefix(JsonRpcMessage message, string target, JsonEdits edits)
    {
        var slice = message.Kind == JsonRpcKind.Request ? message.IdSlice
            : message.Method == McpMethods.Cancelled ? message.CancelledId
            : default;
        if (!slice.IsPresent)
        {
            return;
        }

        // Target names have no characters that JSON escapes, and no underscore.
        var raw = slice.Of(message.Json.Span);
        if (raw[0] == (byte)'"')
        {
            edits.Insert(slice.Start + 1, $"{Mark}{target}_s_");
        }
        else if (raw[0] is (byte)'-' or (>= (byte)'0' and <= (byte)'9'))
        {
            edits.Replace(slice, $"\"{Mark}{target}_n_{Encoding.UTF8.GetString(raw)}\"");
        }
    }

    /// <summary>Tells whose request a client's message answers, and adds the edit that restores its identifier; false for an identifier that was not made here.</summary>
    public static bool TryRestore(JsonRpcMessage answer, JsonEdits edits, [NotNullWhen(true)] out string? target)
    {
        target = null;
        var raw = answer.IdSlice.IsPresent ? answer.IdSlice.Of(answer.Json.Span) : default;
        if (raw.IsEmpty || raw[0] != (byte)'"')
        {
            return false;
        }

        var id = answer.IdKey().AsSpan(1);
        if (!id.StartsWith(Mark, StringComparison.Ordinal))
        {
            return false;
        }

        var rest = id[Mark.Length..];
        var underscore = rest.IndexOf('_');
        if (underscore <= 0 || rest.Length < underscore + 3 || rest[underscore + 2] != '_')
        {
            return false;
        }

        var original = rest[(underscore + 3)..];
        switch (rest[underscore + 1])
        {
            case 'n' when long.TryParse(original, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out _):
                edits.Replace(answer.IdSlice, original.ToString());
                break;
            case 's':
                edits.Replace(answer.IdSlice, $"\"{JsonEncodedText.Encode(original)}\"");
                break;
            default:
                return false;
        }

        target = rest[..underscore].ToString();
        return true;
    }
}
