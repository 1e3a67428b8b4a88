using System.Text.Json;
using AgentGateway.Proxy.Mcp.Messages;

namespace AgentGateway.Proxy.Mcp;

/// <summary>
/// Puts the target's name before the task ids in results: of a created task (<c>task.taskId</c>, or <c>taskId</c> with <c>resultType: task</c>), of
/// requests about tasks, and in <c>_meta["io.modelcontextprotocol/related-task"]</c>.
/// </summary>
internal static class TaskNaming
{
    private static ReadOnlySpan<byte> Id => "taskId"u8;

    public static void Prefix(JsonRpcMessage answer, string? requestMethod, string target, JsonEdits edits)
    {
        var result = answer.Result.Of(answer.Json.Span);
        if (result.IndexOf(Id) < 0)
        {
            return;
        }

        var isTask = requestMethod is not null && requestMethod.StartsWith("tasks/", StringComparison.Ordinal);
        isTask |= ResultText.Text(result, "resultType"u8) == "task";
        var offset = answer.Result.Start;
        var reader = new Utf8JsonReader(result, new JsonReaderOptions { MaxDepth = McpLimits.JsonDepth });
        if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
        {
            return;
        }

        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var isId = isTask && reader.ValueTextEquals(Id);
            var isCreated = reader.ValueTextEquals("task"u8);
            var isList = requestMethod == McpMethods.TasksList && reader.ValueTextEquals("tasks"u8);
            var isMeta = reader.ValueTextEquals("_meta"u8);
            reader.Read();
            if (isId)
            {
                PrefixId(ref reader, offset, target, edits);
            }
            else if (isCreated)
            {
                PrefixMember(ref reader, offset, target, edits);
            }
            else if (isList && reader.TokenType == JsonTokenType.StartArray)
            {
                while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
                {
                    PrefixMember(ref reader, offset, target, edits);
                }
            }
            else if (isMeta && reader.TokenType == JsonTokenType.StartObject)
            {
                PrefixRelated(ref reader, offset, target, edits);
            }
            else
            {
                reader.Skip();
            }
        }
    }

    private static void PrefixRelated(ref Utf8JsonReader reader, int offset, string target, JsonEdits edits)
    {
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var isRelated = reader.ValueTextEquals("io.modelcontextprotocol/related-task"u8);
            reader.Read();
            if (isRelated)
            {
                PrefixMember(ref reader, offset, target, edits);
            }
            else
            {
                reader.Skip();
            }
        }
    }

    // The value on which the reader stands: a task.
    private static void PrefixMember(ref Utf8JsonReader reader, int offset, string target, JsonEdits edits)
    {
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            reader.Skip();
            return;
        }

        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var isId = reader.ValueTextEquals(Id);
            reader.Read();
            if (isId)
            {
                PrefixId(ref reader, offset, target, edits);
            }
            else
            {
                reader.Skip();
            }
        }
    }

    // Target names have no characters that JSON escapes.
    private static void PrefixId(ref Utf8JsonReader reader, int offset, string target, JsonEdits edits)
    {
        if (reader.TokenType == JsonTokenType.String)
        {
            edits.Insert(offset + (int)reader.TokenStartIndex + 1, target + "+");
        }

        reader.Skip();
    }
}
