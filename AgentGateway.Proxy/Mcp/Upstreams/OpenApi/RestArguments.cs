using System.Collections.Frozen;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using AgentGateway.Configuration.OpenApi;

namespace AgentGateway.Proxy.Mcp.Upstreams.OpenApi;

/// <summary>
/// Turns the arguments of a call into a request, by the groups <c>path</c>, <c>query</c>, <c>header</c> and <c>body</c> of the tool's input schema
/// (specification config-mcp 2.10). Values of the client only ever become text inside the place they are meant for.
/// </summary>
internal static class RestArguments
{
    private const int MostCharacters = 64 * 1024;

    private static readonly JsonDocumentOptions Strict = new() { MaxDepth = McpLimits.JsonDepth, AllowDuplicateProperties = false };

    /// <summary>Builds the request; null with a reason that is meant for the client.</summary>
    /// <param name="tool">The tool that is called.</param>
    /// <param name="json">The arguments; empty for none.</param>
    /// <param name="prefix">Path of the target's endpoint, escaped, without a slash at its end.</param>
    /// <param name="problem">What is wrong with the arguments.</param>
    public static RestRequest? TryBuild(OpenApiTool tool, ReadOnlyMemory<byte> json, string prefix, out string problem)
    {
        JsonDocument document;
        try
        {
            document = JsonDocument.Parse(json.IsEmpty ? "{}"u8.ToArray() : json, Strict);
        }
        catch (JsonException)
        {
            problem = $"arguments have a member twice, or are nested deeper than {McpLimits.JsonDepth} levels";
            return null;
        }

        using (document)
        {
            if (document.RootElement.ValueKind != JsonValueKind.Object)
            {
                problem = "arguments must be an object";
                return null;
            }

            try
            {
                return Build(tool, document.RootElement, prefix, out problem);
            }
            catch (InvalidOperationException)
            {
                // A string with an escaped half of a surrogate pair.
                problem = "arguments have text that is not valid Unicode";
                return null;
            }
        }
    }

    private static RestRequest? Build(OpenApiTool tool, JsonElement arguments, string prefix, out string problem)
    {
        JsonElement path = default, query = default, header = default, body = default;
        foreach (var member in arguments.EnumerateObject())
        {
            switch (member.Name)
            {
                case "path" when tool.PathParameters.Count > 0:
                    path = member.Value;
                    break;
                case "query" when tool.QueryParameters.Count > 0:
                    query = member.Value;
                    break;
                case "header" when tool.HeaderParameters.Count > 0:
                    header = member.Value;
                    break;
                case "body" when tool.Body != OpenApiBody.None:
                    body = member.Value;
                    break;
                default:
                    problem = $"unknown argument `{Shorten(member.Name)}`; {Groups(tool)}";
                    return null;
            }
        }

        var target = new StringBuilder(prefix, 256);
        var parts = new QueryWriter(target);
        if (!CheckGroup("path", path, tool.PathParameters, out problem) || !AddPath(tool, path, target, prefix.Length, out problem)
            || !CheckGroup("query", query, tool.QueryParameters, out problem) || !AddQuery(tool, query, parts, out problem))
        {
            return null;
        }

        if (target.Length > MostCharacters)
        {
            problem = $"path and query are longer than {MostCharacters} characters";
            return null;
        }

        var request = new RestRequest { Target = target.ToString() };
        return AddHeaders(tool, header, request, out problem) && AddBody(tool, body, request, out problem) ? request : null;
    }

    private static bool CheckGroup(string name, JsonElement group, FrozenDictionary<string, OpenApiParameter> declared, out string problem)
    {
        problem = "";
        if (group.ValueKind is not (JsonValueKind.Undefined or JsonValueKind.Object))
        {
            problem = $"argument `{name}` must be an object of parameters, not {Kind(group)}";
            return false;
        }

        if (group.ValueKind == JsonValueKind.Object)
        {
            foreach (var member in group.EnumerateObject())
            {
                if (!declared.ContainsKey(member.Name))
                {
                    problem = $"unknown parameter `{Shorten(member.Name)}` in `{name}`; known are {string.Join(", ", declared.Keys.Order(StringComparer.Ordinal).Take(20))}";
                    return false;
                }
            }
        }

        foreach (var (key, parameter) in declared)
        {
            if (parameter.Required && (group.ValueKind == JsonValueKind.Undefined || !group.TryGetProperty(key, out _)))
            {
                problem = $"missing required parameter `{key}` in `{name}`";
                return false;
            }
        }

        return true;
    }

    private static bool AddPath(OpenApiTool tool, JsonElement group, StringBuilder target, int start, out string problem)
    {
        foreach (var part in tool.Path)
        {
            if (!part.IsParameter)
            {
                target.Append(part.Text);
                continue;
            }

            var value = group.GetProperty(part.Text);
            var before = target.Length;
            if (value.ValueKind is JsonValueKind.Null or JsonValueKind.Object)
            {
                problem = $"parameter `{part.Text}` in `path` must be a string, number, boolean, or a list of them, not {Kind(value)}";
                return false;
            }

            if (LeavesPath(value))
            {
                problem = $"parameter `{part.Text}` in `path` must not have parts `.` or `..`";
                return false;
            }

            if (value.ValueKind == JsonValueKind.Array)
            {
                if (!AddList(value, target, part.Text, out problem))
                {
                    return false;
                }
            }
            else
            {
                target.Append(Uri.EscapeDataString(Text(value)));
            }

            if (target.Length == before)
            {
                problem = $"parameter `{part.Text}` in `path` must not be empty";
                return false;
            }
        }

        // Dots cannot be escaped: servers read %2e as a dot. So a part of the path that is only dots must not come of several values either.
        problem = "";
        foreach (var chunk in target.ToString(start, target.Length - start).Split('/'))
        {
            if (chunk is "." or "..")
            {
                problem = "parameters in `path` must not make a part of the path `.` or `..`";
                return false;
            }
        }

        return true;
    }

    // Some servers take apart what is escaped: a slash in a value becomes one of the path there.
    private static bool LeavesPath(JsonElement value)
    {
        var text = Text(value).AsSpan();
        foreach (var part in text.SplitAny('/', '\\'))
        {
            if (text[part] is "." or "..")
            {
                return true;
            }
        }

        return false;
    }

    // Style "simple": items with commas between them.
    private static bool AddList(JsonElement list, StringBuilder target, string name, out string problem)
    {
        problem = "";
        var isFirst = true;
        foreach (var item in list.EnumerateArray())
        {
            if (item.ValueKind is JsonValueKind.Null or JsonValueKind.Object or JsonValueKind.Array)
            {
                problem = $"items of parameter `{name}` in `path` must be strings, numbers or booleans, not {Kind(item)}";
                return false;
            }

            target.Append(isFirst ? "" : ",").Append(Uri.EscapeDataString(Text(item)));
            isFirst = false;
        }

        return true;
    }

    private static bool AddQuery(OpenApiTool tool, JsonElement group, QueryWriter query, out string problem)
    {
        problem = "";
        if (group.ValueKind != JsonValueKind.Object)
        {
            return true;
        }

        foreach (var member in group.EnumerateObject())
        {
            query.Add(tool.QueryParameters[member.Name], member.Value);
            if (query.Length > MostCharacters)
            {
                problem = $"path and query are longer than {MostCharacters} characters";
                return false;
            }
        }

        return true;
    }

    private static bool AddHeaders(OpenApiTool tool, JsonElement group, RestRequest request, out string problem)
    {
        problem = "";
        if (group.ValueKind is not (JsonValueKind.Undefined or JsonValueKind.Object))
        {
            problem = $"argument `header` must be an object of parameters, not {Kind(group)}";
            return false;
        }

        if (group.ValueKind == JsonValueKind.Undefined)
        {
            return true;
        }

        foreach (var member in group.EnumerateObject())
        {
            // Others are not sent (specification 2.10): a client must not choose the headers of a call freely.
            if (!tool.HeaderParameters.TryGetValue(member.Name, out var parameter) || member.Value.ValueKind == JsonValueKind.Null)
            {
                continue;
            }

            var value = member.Value.ValueKind == JsonValueKind.Array
                ? string.Join(",", member.Value.EnumerateArray().Select(Text))
                : Text(member.Value);
            if (value.AsSpan().ContainsAnyInRange('\0', '\u001f') || value.Contains('\u007f', StringComparison.Ordinal))
            {
                problem = $"parameter `{parameter.Name}` in `header` must not have control characters";
                return false;
            }

            request.Headers.Add(new(parameter.Name, value));
        }

        return true;
    }

    private static bool AddBody(OpenApiTool tool, JsonElement body, RestRequest request, out string problem)
    {
        problem = "";
        if (body.ValueKind == JsonValueKind.Undefined)
        {
            if (tool.BodyRequired)
            {
                problem = "missing required argument `body`";
            }

            return !tool.BodyRequired;
        }

        if (tool.Body == OpenApiBody.Json)
        {
            request.Body = JsonMarshal.GetRawUtf8Value(body).ToArray();
            return true;
        }

        request.IsBytes = true;
        if (body.ValueKind != JsonValueKind.String || !body.TryGetBytesFromBase64(out var bytes))
        {
            problem = "argument `body` must be a string of base64";
            return false;
        }

        request.Body = bytes;
        return true;
    }

    private static string Groups(OpenApiTool tool)
    {
        var known = new List<string>();
        if (tool.PathParameters.Count > 0)
        {
            known.Add("path");
        }

        if (tool.QueryParameters.Count > 0)
        {
            known.Add("query");
        }

        if (tool.HeaderParameters.Count > 0)
        {
            known.Add("header");
        }

        if (tool.Body != OpenApiBody.None)
        {
            known.Add("body");
        }

        return known.Count == 0 ? "this tool takes none" : $"this tool takes {string.Join(", ", known)}";
    }

    /// <summary>A value as it is written in a path, a query or a header.</summary>
    internal static string Text(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.String => value.GetString()!,
        JsonValueKind.Null => "",
        _ => value.GetRawText(),
    };

    private static string Kind(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Object => "an object",
        JsonValueKind.Array => "a list",
        JsonValueKind.String => "a string",
        JsonValueKind.Number => "a number",
        JsonValueKind.Null => "null",
        _ => "a boolean",
    };

    private static string Shorten(string name) => name.Length <= 64 ? name : name[..(char.IsHighSurrogate(name[63]) ? 63 : 64)] + "…";
}
