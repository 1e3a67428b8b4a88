using System.Text;
using System.Text.Json;
using AgentGateway.Proxy.Mcp.Messages;

namespace AgentGateway.Proxy.Mcp;

/// <summary>
/// The names under which clients see tools, prompts and resources (specification 2.6): <c>&lt;target&gt;_&lt;name&gt;</c>,
/// <c>&lt;target&gt;+&lt;uri&gt;</c>, <c>ui://&lt;target&gt;+…</c>, and <c>&lt;target&gt;+&lt;id&gt;</c> of tasks. Edits the text of messages and leaves all
/// other bytes as they are.
/// </summary>
internal static class McpNaming
{
    private const string AppScheme = "ui://";

    /// <summary>What a request names, which decides how its owner is found.</summary>
    public static McpReference ReferenceOf(JsonRpcMessage request) => request.Method switch
    {
        McpMethods.ToolsCall => McpReference.Tool,
        McpMethods.PromptsGet => McpReference.Prompt,
        McpMethods.ResourcesRead or McpMethods.ResourcesSubscribe or McpMethods.ResourcesUnsubscribe => McpReference.Resource,
        McpMethods.Complete => request.ReferenceType == "ref/resource" ? McpReference.Resource : McpReference.Prompt,
        _ => McpMethods.IsOfTask(request.Method) ? McpReference.Task : McpReference.None,
    };

    /// <summary>The name or address that a request carries, as the client wrote it.</summary>
    public static string? NameOf(JsonRpcMessage request) => request.Method switch
    {
        McpMethods.ToolsCall or McpMethods.PromptsGet => request.Name,
        McpMethods.ResourcesRead or McpMethods.ResourcesSubscribe or McpMethods.ResourcesUnsubscribe => request.Uri,
        McpMethods.Complete => request.Reference,
        _ => McpMethods.IsOfTask(request.Method) ? request.TaskId : null,
    };

    /// <summary>Splits the name of a request into target and upstream name and adds the edit that takes the prefix away; false with the error's text.</summary>
    public static bool TrySplit(JsonRpcMessage request, JsonEdits edits, out string target, out string name, out string error)
    {
        var reference = ReferenceOf(request);
        var full = NameOf(request);
        var slice = request.Method == McpMethods.Complete ? request.ReferenceSlice
            : reference switch
            {
                McpReference.Resource => request.UriSlice,
                McpReference.Task => request.TaskIdSlice,
                _ => request.NameSlice,
            };
        target = name = "";
        error = reference switch
        {
            McpReference.Resource => "invalid resource URI",
            McpReference.Task => "invalid task id",
            _ => "invalid resource name",
        };
        if (full is null)
        {
            return false;
        }

        if (reference is McpReference.Tool or McpReference.Prompt)
        {
            var underscore = full.IndexOf('_', StringComparison.Ordinal);
            if (underscore <= 0)
            {
                return false;
            }

            (target, name) = (full[..underscore], full[(underscore + 1)..]);
        }
        else if (reference == McpReference.Resource)
        {
            if (!TrySplitResource(full, out target, out name))
            {
                return false;
            }
        }
        else
        {
            var plus = full.IndexOf('+', StringComparison.Ordinal);
            if (plus <= 0)
            {
                return false;
            }

            (target, name) = (full[..plus], full[(plus + 1)..]);
        }

        edits.Replace(slice, $"\"{JsonEncodedText.Encode(name)}\"");
        return true;
    }

    /// <summary>Splits the address of a resource as clients know it.</summary>
    public static bool TrySplitResource(string full, out string target, out string own)
    {
        var scheme = full.StartsWith(AppScheme, StringComparison.Ordinal) ? AppScheme : "";
        var rest = full.AsSpan(scheme.Length);
        var plus = rest.IndexOf('+');
        if (plus <= 0 || (scheme.Length == 0 && rest[(plus + 1)..].StartsWith(AppScheme, StringComparison.Ordinal)))
        {
            target = own = "";
            return false;
        }

        (target, own) = (rest[..plus].ToString(), string.Concat(scheme, rest[(plus + 1)..]));
        return true;
    }

    /// <summary>Address of a target's resource as clients know it; one without scheme stays as it is.</summary>
    public static string QualifyResource(string uri, string target) =>
        uri.StartsWith(AppScheme, StringComparison.Ordinal) ? $"{AppScheme}{target}+{uri[AppScheme.Length..]}"
        : uri.Contains(':', StringComparison.Ordinal) ? $"{target}+{uri}"
        : uri;

    /// <summary>Adds the edits that put the target's name before the names in a list, before a task's, or in the notice that a resource changed.</summary>
    /// <param name="message">A message of the target.</param>
    /// <param name="requestMethod">Method of the request that it answers, if any.</param>
    /// <param name="target">Name of the target.</param>
    /// <param name="names">False leaves names of tools and prompts as they are (<c>prefixMode: never</c>).</param>
    /// <param name="edits">Takes the edits.</param>
    public static void Prefix(JsonRpcMessage message, string? requestMethod, string target, bool names, JsonEdits edits)
    {
        if (message.Kind == JsonRpcKind.Response)
        {
            var (list, member) = requestMethod switch
            {
                McpMethods.ToolsList => ("tools", "name"),
                McpMethods.PromptsList => ("prompts", "name"),
                McpMethods.ResourcesList => ("resources", "uri"),
                McpMethods.ResourceTemplatesList => ("resourceTemplates", "uriTemplate"),
                _ => ("", ""),
            };
            if (list.Length > 0)
            {
                PrefixList(message, Encoding.UTF8.GetBytes(list), Encoding.UTF8.GetBytes(names || member != "name" ? member : ""), target, edits);
            }
            else
            {
                TaskNaming.Prefix(message, requestMethod, target, edits);
                LinkNaming.Prefix(message, requestMethod, target, edits);
            }
        }
        else if (message.Method == McpMethods.ResourceUpdated && message.UriSlice.IsPresent)
        {
            InsertPrefix(edits, message.UriSlice, message.Uri!, isUri: true, target);
        }
        else if (message.Kind == JsonRpcKind.Notification && message.TaskIdSlice.IsPresent && message.Method!.StartsWith("notifications/tasks", StringComparison.Ordinal))
        {
            edits.Insert(message.TaskIdSlice.Start + 1, target + "+");
        }
    }

    private static void PrefixList(JsonRpcMessage message, ReadOnlySpan<byte> list, ReadOnlySpan<byte> member, string target, JsonEdits edits)
    {
        var offset = message.Result.Start;
        var reader = new Utf8JsonReader(message.Result.Of(message.Json.Span), new JsonReaderOptions { MaxDepth = McpLimits.JsonDepth });
        if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
        {
            return;
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

            while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
            {
                if (reader.TokenType == JsonTokenType.StartObject)
                {
                    PrefixItem(ref reader, offset, member, target, edits);
                }
                else
                {
                    reader.Skip();
                }
            }
        }
    }

    private static void PrefixItem(ref Utf8JsonReader reader, int offset, ReadOnlySpan<byte> member, string target, JsonEdits edits)
    {
        var isUri = member.StartsWith("uri"u8);
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var isName = !member.IsEmpty && reader.ValueTextEquals(member);
            var isMeta = reader.ValueTextEquals("_meta"u8);
            reader.Read();
            if (isName && reader.TokenType == JsonTokenType.String)
            {
                InsertPrefix(edits, SliceOf(ref reader, offset), reader.GetString()!, isUri, target);
            }
            else if (isMeta && reader.TokenType == JsonTokenType.StartObject)
            {
                PrefixAppResource(ref reader, offset, target, edits, depth: 0);
            }
            else
            {
                reader.Skip();
            }
        }
    }

    // MCP Apps: _meta.ui.resourceUri, or _meta["ui/resourceUri"] in its older form.
    private static void PrefixAppResource(ref Utf8JsonReader reader, int offset, string target, JsonEdits edits, int depth)
    {
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var isUi = depth == 0 && reader.ValueTextEquals("ui"u8);
            var isUri = depth == 0 ? reader.ValueTextEquals("ui/resourceUri"u8) : reader.ValueTextEquals("resourceUri"u8);
            reader.Read();
            if (isUri && reader.TokenType == JsonTokenType.String)
            {
                InsertPrefix(edits, SliceOf(ref reader, offset), reader.GetString()!, isUri: true, target);
            }
            else if (isUi && reader.TokenType == JsonTokenType.StartObject)
            {
                PrefixAppResource(ref reader, offset, target, edits, depth: 1);
            }
            else
            {
                reader.Skip();
            }
        }
    }

    private static JsonSlice SliceOf(ref Utf8JsonReader reader, int offset) =>
        new(offset + (int)reader.TokenStartIndex, (int)(reader.BytesConsumed - reader.TokenStartIndex));

    // Target names have no characters that JSON escapes.
    internal static void InsertPrefix(JsonEdits edits, JsonSlice text, string value, bool isUri, string target)
    {
        if (!isUri)
        {
            edits.Insert(text.Start + 1, target + "_");
        }
        else if (value.StartsWith(AppScheme, StringComparison.Ordinal))
        {
            // The scheme may be written with escaped slashes, so the whole text is replaced.
            edits.Replace(text, $"\"{JsonEncodedText.Encode(QualifyResource(value, target), System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping)}\"");
        }
        else if (value.Contains(':', StringComparison.Ordinal))
        {
            edits.Insert(text.Start + 1, target + "+");
        }
    }
}
