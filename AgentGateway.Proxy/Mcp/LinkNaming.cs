using System.Text.Json;
using AgentGateway.Proxy.Mcp.Messages;

namespace AgentGateway.Proxy.Mcp;

/// <summary>
/// Puts the target's name before the addresses of resource links in the results of tools and prompts: a client reads what a link points to, and
/// only an address with its target's name can be routed.
/// </summary>
internal static class LinkNaming
{
    public static void Prefix(JsonRpcMessage answer, string? requestMethod, string target, JsonEdits edits)
    {
        if (requestMethod is not (McpMethods.ToolsCall or McpMethods.PromptsGet or McpMethods.TasksResult))
        {
            return;
        }

        var result = answer.Result.Of(answer.Json.Span);
        if (result.IndexOf("resource_link"u8) < 0)
        {
            return;
        }

        var reader = new Utf8JsonReader(result, new JsonReaderOptions { MaxDepth = McpLimits.JsonDepth });
        reader.Read();
        Scan(ref reader, answer.Result.Start, target, edits);
    }

    // The value on which the reader stands: a result, a message of a prompt, or blocks of content.
    private static void Scan(ref Utf8JsonReader reader, int offset, string target, JsonEdits edits)
    {
        if (reader.TokenType == JsonTokenType.StartArray)
        {
            while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
            {
                Scan(ref reader, offset, target, edits);
            }
        }
        else if (reader.TokenType == JsonTokenType.StartObject)
        {
            ScanObject(ref reader, offset, target, edits);
        }
    }

    private static void ScanObject(ref Utf8JsonReader reader, int offset, string target, JsonEdits edits)
    {
        var isLink = false;
        JsonSlice uri = default;
        var text = "";
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var isType = reader.ValueTextEquals("type"u8);
            var isUri = reader.ValueTextEquals("uri"u8);
            var isContent = reader.ValueTextEquals("content"u8) || reader.ValueTextEquals("messages"u8);
            reader.Read();
            if (isContent)
            {
                Scan(ref reader, offset, target, edits);
                continue;
            }

            if (reader.TokenType == JsonTokenType.String)
            {
                isLink |= isType && reader.ValueTextEquals("resource_link"u8);
                if (isUri)
                {
                    uri = new JsonSlice(offset + (int)reader.TokenStartIndex, (int)(reader.BytesConsumed - reader.TokenStartIndex));
                    text = reader.GetString()!;
                }
            }

            reader.Skip();
        }

        if (isLink && uri.IsPresent)
        {
            McpNaming.InsertPrefix(edits, uri, text, isUri: true, target);
        }
    }
}
