using System.Text;
using System.Text.Json;

namespace AgentGateway.Proxy.Mcp.Messages;

/// <summary>
/// Puts W3C trace context into <c>params._meta</c> (MCP extension proposal 414): the only way it reaches a stdio server. Members that are
/// missing are created; other bytes stay unchanged.
/// </summary>
internal static class TraceMeta
{
    /// <summary>Adds the edits for a request or notification; others carry no <c>params</c>.</summary>
    public static void Add(JsonEdits edits, JsonRpcMessage message, in UpstreamTrace trace)
    {
        if (trace.Traceparent is not { Length: > 0 } traceparent || message.Method is null)
        {
            return;
        }

        if (message.MetaTraceparent.IsPresent && !trace.IsOwn)
        {
            // Not sampled: what the client said in the body stands.
            return;
        }

        var members = new StringBuilder();
        Put(edits, members, message.MetaTraceparent, "traceparent", traceparent);
        Put(edits, members, message.MetaTracestate, "tracestate", trace.Tracestate);
        Put(edits, members, message.MetaBaggage, "baggage", trace.Baggage);
        if (members.Length == 0)
        {
            return;
        }

        if (message.MetaIsObject)
        {
            edits.Insert(message.Meta.Start + 1, message.MetaIsEmpty ? members.ToString() : $"{members},");
        }
        else if (message.ParamsIsObject && !message.Meta.IsPresent)
        {
            edits.Insert(message.Params.Start + 1, message.ParamsIsEmpty ? $"\"_meta\":{{{members}}}" : $"\"_meta\":{{{members}}},");
        }
        else if (!message.Params.IsPresent)
        {
            edits.Insert(message.CloseBrace, $",\"params\":{{\"_meta\":{{{members}}}}}");
        }
    }

    private static void Put(JsonEdits edits, StringBuilder members, JsonSlice existing, string name, string? value)
    {
        if (value is not { Length: > 0 })
        {
            return;
        }

        var text = $"\"{JsonEncodedText.Encode(value)}\"";
        if (existing.IsPresent)
        {
            edits.Replace(existing, text);
            return;
        }

        if (members.Length > 0)
        {
            members.Append(',');
        }

        members.Append('"').Append(name).Append("\":").Append(text);
    }
}
