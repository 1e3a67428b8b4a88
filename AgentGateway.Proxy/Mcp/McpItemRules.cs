using System.Text.Json;
using AgentGateway.Proxy.Mcp.Messages;
using AgentGateway.Proxy.Policies.Authorization;
using AgentGateway.Proxy.Requests;

namespace AgentGateway.Proxy.Mcp;

/// <summary>
/// Applies <c>mcpAuthorization</c> to the messages of one request (specification 2.8): what is not allowed is left out of lists, and a call of it
/// is answered as if it did not exist.
/// </summary>
internal sealed class McpItemRules
{
    private readonly McpAuthorization _authorization;

    private McpItemRules(McpAuthorization authorization) => _authorization = authorization;

    /// <summary>The rules of a request, or null when all is allowed.</summary>
    public static McpItemRules? For(RequestContext context) => McpAuthorization.For(context) is { } authorization ? new McpItemRules(authorization) : null;

    /// <summary>The refusal of a request that names something which is not allowed; null lets it go on.</summary>
    /// <param name="context">The request.</param>
    /// <param name="message">The client's message.</param>
    /// <param name="target">Name of the target.</param>
    /// <param name="name">Name or address as the target knows it.</param>
    public static GatewayReply? Refuse(RequestContext context, JsonRpcMessage message, string target, string? name)
    {
        var (kind, word) = message.Method switch
        {
            McpMethods.ToolsCall => (McpItemKind.Tool, "tool"),
            McpMethods.PromptsGet => (McpItemKind.Prompt, "prompt"),
            McpMethods.ResourcesRead or McpMethods.ResourcesSubscribe or McpMethods.ResourcesUnsubscribe => (McpItemKind.Resource, "resource"),
            McpMethods.Complete when message.ReferenceType == "ref/prompt" => (McpItemKind.Prompt, "prompt"),
            McpMethods.Complete when message.ReferenceType == "ref/resource" => (McpItemKind.Resource, "resource"),
            _ => (McpItemKind.Task, McpMethods.IsOfTask(message.Method) ? "task" : ""),
        };
        return word.Length == 0 || McpAuthorization.For(context) is not { } authorization || authorization.Allows(kind, target, name ?? "")
            ? null
            : McpReplies.Rpc(400, message, JsonRpcText.InvalidParams, $"Unknown {word}: {McpNaming.NameOf(message)}");
    }

    /// <summary>The answer to a list request without the items that are not allowed; the same instance when it has none of them.</summary>
    /// <param name="request">The client's request.</param>
    /// <param name="answer">The upstream's answer, with names as the target knows them.</param>
    /// <param name="target">Name of the target.</param>
    public JsonRpcMessage Filter(JsonRpcMessage request, JsonRpcMessage answer, string target)
    {
        var (list, member, kind) = request.Method switch
        {
            McpMethods.ToolsList => ("tools", "name", McpItemKind.Tool),
            McpMethods.PromptsList => ("prompts", "name", McpItemKind.Prompt),
            McpMethods.ResourcesList => ("resources", "uri", McpItemKind.Resource),
            McpMethods.ResourceTemplatesList => ("resourceTemplates", "uriTemplate", McpItemKind.Resource),
            McpMethods.TasksList => ("tasks", "taskId", McpItemKind.Task),
            _ => ("", "", McpItemKind.Task),
        };
        if (list.Length == 0 || answer.Kind != JsonRpcKind.Response)
        {
            return answer;
        }

        var source = answer.Json.Span;
        var offset = answer.Result.Start;
        var reader = new Utf8JsonReader(answer.Result.Of(source), new JsonReaderOptions { MaxDepth = McpLimits.JsonDepth });
        if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
        {
            return answer;
        }

        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var isList = reader.ValueTextEquals(list);
            reader.Read();
            if (!isList || reader.TokenType != JsonTokenType.StartArray)
            {
                reader.Skip();
                continue;
            }

            var begin = offset + (int)reader.BytesConsumed;
            var kept = new List<ReadOnlyMemory<byte>>();
            var dropped = false;
            while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
            {
                var start = offset + (int)reader.TokenStartIndex;
                var name = "";
                if (reader.TokenType == JsonTokenType.StartObject)
                {
                    name = NameOf(ref reader, member);
                }
                else
                {
                    reader.Skip();
                }

                if (_authorization.Allows(kind, target, name))
                {
                    var item = answer.Json[start..(offset + (int)reader.BytesConsumed)];
                    if (kind == McpItemKind.Tool && McpAppResources.WithoutRefused(item.Span, uri => _authorization.Allows(McpItemKind.Resource, target, uri)) is { } changed)
                    {
                        item = changed;
                        dropped = true;
                    }

                    kept.Add(item);
                }
                else
                {
                    dropped = true;
                }
            }

            return dropped ? Rebuild(answer, source, begin, offset + (int)reader.TokenStartIndex, kept) : answer;
        }

        return answer;
    }

    // Reads an object to its end; empty for one that does not say its name.
    private static string NameOf(ref Utf8JsonReader reader, string member)
    {
        var name = "";
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var isName = reader.ValueTextEquals(member);
            reader.Read();
            if (isName && reader.TokenType == JsonTokenType.String)
            {
                name = reader.GetString()!;
            }
            else
            {
                reader.Skip();
            }
        }

        return name;
    }

    private static JsonRpcMessage Rebuild(JsonRpcMessage answer, ReadOnlySpan<byte> source, int begin, int end, List<ReadOnlyMemory<byte>> kept)
    {
        using var json = new MemoryStream(source.Length);
        json.Write(source[..begin]);
        for (var i = 0; i < kept.Count; i++)
        {
            if (i > 0)
            {
                json.WriteByte((byte)',');
            }

            json.Write(kept[i].Span);
        }

        json.Write(source[end..]);
        var message = new JsonRpcMessage();
        return message.TryParse(json.ToArray(), out var reason)
            ? message
            : throw new McpUpstreamException($"failed to send message: {reason}");
    }
}
