using System.Collections.Frozen;
using System.Text.Json;
using AgentGateway.Configuration.Documents;

namespace AgentGateway.Configuration.OpenApi;

/// <summary>Reads one operation into a tool, and writes what clients see of it.</summary>
internal sealed class OperationReader(References references, SchemaWriter schemas, string prefix, OpenApiProblems problems)
{
    private readonly ParameterReader _parameters = new(references, problems);

    /// <summary>Reads an operation and writes the tool's description to <paramref name="writer"/>.</summary>
    /// <exception cref="OpenApiProblemException">The operation cannot be a tool.</exception>
    public OpenApiTool Read(Utf8JsonWriter writer, OperationPlace place, MappingNode item, MappingNode operation)
    {
        var limit = writer.BytesCommitted + writer.BytesPending + OpenApiLimits.ToolBytes;
        var name = NameOf(place, operation);
        var path = PathTemplate.Read(prefix, place.Template, place.Path, operation.Position);
        var parameters = _parameters.Read(place, item, operation, path);
        var (body, bodyRequired, bodySchema) = ReadBody(place, operation);
        if (operation.Find("servers") is { } servers)
        {
            problems.Warning(place.Path.Key("servers"), servers.Position, "the servers of an operation are ignored; the host comes from the configuration and the prefix from the document's own server");
        }

        writer.WriteStartObject();
        writer.WriteString("name"u8, name);
        var summary = TextOf(operation, "summary");
        if (summary is not null)
        {
            writer.WriteString("title"u8, Cut(summary));
        }

        writer.WriteString("description"u8, TextOf(operation, "description") ?? summary ?? name);
        writer.WriteStartObject("inputSchema"u8);
        writer.WriteString("type"u8, "object"u8);
        writer.WriteStartObject("properties"u8);
        WriteGroup(writer, "path", parameters, OpenApiGroup.Path, limit);
        WriteGroup(writer, "query", parameters, OpenApiGroup.Query, limit);
        WriteGroup(writer, "header", parameters, OpenApiGroup.Header, limit);
        WriteBody(writer, place, body, bodySchema, limit);
        writer.WriteEndObject();
        WriteRequired(writer, parameters, bodyRequired);
        writer.WriteEndObject();
        writer.WriteEndObject();
        return new OpenApiTool
        {
            Name = name,
            Method = place.Method,
            Path = path,
            PathParameters = Group(parameters, OpenApiGroup.Path, StringComparer.Ordinal),
            QueryParameters = Group(parameters, OpenApiGroup.Query, StringComparer.Ordinal),
            HeaderParameters = Group(parameters, OpenApiGroup.Header, StringComparer.OrdinalIgnoreCase),
            Body = body,
            BodyRequired = bodyRequired,
        };
    }

    private static string NameOf(OperationPlace place, MappingNode operation)
    {
        if (operation.Find("operationId") is not ScalarNode { Kind: not ScalarKind.Null, Text: { Length: > 0 } name } node)
        {
            throw new OpenApiProblemException(place.Path, operation.Position, $"information required: operationId of {place.Name}; add one, it is the name of the tool");
        }

        if (name.Length > OpenApiLimits.NameCharacters || name.AsSpan().ContainsAnyInRange('\0', '\u001f'))
        {
            throw new OpenApiProblemException(place.Path.Key("operationId"), node.Position, $"the operationId of {place.Name} has control characters or more than {OpenApiLimits.NameCharacters} characters; choose a name that is fit for a tool");
        }

        return name;
    }

    private (OpenApiBody Kind, bool Required, ConfigNode? Schema) ReadBody(OperationPlace place, MappingNode operation)
    {
        var path = place.Path.Key("requestBody");
        if (operation.Find("requestBody") is not { } written || references.Follow(written, "requestBodies", path) is not MappingNode body)
        {
            return default;
        }

        var required = body.Find("required") is ScalarNode { Kind: ScalarKind.Boolean, Text: ['t' or 'T', ..] };
        if (body.Find("content") is not MappingNode { Entries.Length: > 0 } content)
        {
            problems.Warning(path, body.Position, $"the body of {place.Name} has no content; the tool sends none");
            return default;
        }

        if (Find(content, "application/json") is { } json)
        {
            return (OpenApiBody.Json, required, (json.Value as MappingNode)?.Find("schema"));
        }

        if (Find(content, "application/octet-stream") is not null)
        {
            return (OpenApiBody.Bytes, required, null);
        }

        problems.Warning(path.Key("content"), content.Position, $"the body of {place.Name} is neither application/json nor application/octet-stream; the tool sends none");
        return default;
    }

    private void WriteGroup(Utf8JsonWriter writer, string name, List<ReadParameter> parameters, OpenApiGroup group, long limit)
    {
        if (!parameters.Exists(parameter => parameter.Parameter.Group == group))
        {
            return;
        }

        writer.WriteStartObject(name);
        writer.WriteString("type"u8, "object"u8);
        writer.WriteStartObject("properties"u8);
        foreach (var (parameter, schema, description, path) in parameters)
        {
            if (parameter.Group == group)
            {
                writer.WritePropertyName(parameter.Name);
                schemas.Write(writer, schema, path.Key("schema"), limit, description);
            }
        }

        writer.WriteEndObject();
        if (parameters.Exists(parameter => parameter.Parameter.Group == group && parameter.Parameter.Required))
        {
            writer.WriteStartArray("required"u8);
            foreach (var (parameter, _, _, _) in parameters)
            {
                if (parameter.Group == group && parameter.Required)
                {
                    writer.WriteStringValue(parameter.Name);
                }
            }

            writer.WriteEndArray();
        }

        writer.WriteEndObject();
    }

    private void WriteBody(Utf8JsonWriter writer, OperationPlace place, OpenApiBody body, ConfigNode? schema, long limit)
    {
        if (body == OpenApiBody.Bytes)
        {
            writer.WriteStartObject("body"u8);
            writer.WriteString("type"u8, "string"u8);
            writer.WriteString("format"u8, "byte"u8);
            writer.WriteString("contentEncoding"u8, "base64"u8);
            writer.WriteEndObject();
        }
        else if (body == OpenApiBody.Json)
        {
            writer.WritePropertyName("body"u8);
            schemas.Write(writer, schema ?? MappingNode.Empty, place.Path.Key("requestBody"), limit);
        }
    }

    private static void WriteRequired(Utf8JsonWriter writer, List<ReadParameter> parameters, bool bodyRequired)
    {
        var path = IsRequired(parameters, OpenApiGroup.Path);
        var query = IsRequired(parameters, OpenApiGroup.Query);
        var header = IsRequired(parameters, OpenApiGroup.Header);
        if (!path && !query && !header && !bodyRequired)
        {
            return;
        }

        writer.WriteStartArray("required"u8);
        WriteIf(path, "path"u8);
        WriteIf(query, "query"u8);
        WriteIf(header, "header"u8);
        WriteIf(bodyRequired, "body"u8);
        writer.WriteEndArray();

        void WriteIf(bool condition, ReadOnlySpan<byte> name)
        {
            if (condition)
            {
                writer.WriteStringValue(name);
            }
        }
    }

    private static bool IsRequired(List<ReadParameter> parameters, OpenApiGroup group) =>
        parameters.Exists(parameter => parameter.Parameter.Group == group && parameter.Parameter.Required);

    private static FrozenDictionary<string, OpenApiParameter> Group(List<ReadParameter> parameters, OpenApiGroup group, StringComparer comparer) =>
        parameters.Where(parameter => parameter.Parameter.Group == group).ToFrozenDictionary(static parameter => parameter.Parameter.Name, static parameter => parameter.Parameter, comparer);

    private static MappingEntry? Find(MappingNode content, string type)
    {
        foreach (var entry in content.Entries)
        {
            var end = entry.Key.IndexOf(';', StringComparison.Ordinal);
            if ((end < 0 ? entry.Key.AsSpan() : entry.Key.AsSpan(0, end)).Trim().Equals(type, StringComparison.OrdinalIgnoreCase))
            {
                return entry;
            }
        }

        return null;
    }

    private static string? TextOf(MappingNode node, string key) => node.Find(key) is ScalarNode { Kind: not ScalarKind.Null, Text: { Length: > 0 } text } ? text : null;

    // Never through a character that takes two places.
    private static string Cut(string text)
    {
        const int Most = OpenApiLimits.TitleCharacters;
        return text.Length <= Most ? text : text[..(char.IsHighSurrogate(text[Most - 1]) ? Most - 1 : Most)];
    }
}
