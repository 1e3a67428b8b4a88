using System.Text.Json;
using AgentGateway.Configuration.Documents;
using AgentGateway.Configuration.Reading;

namespace AgentGateway.Configuration.OpenApi;

/// <summary>
/// Writes schemas of an OpenAPI document as JSON Schema: references are inlined, and what OpenAPI 3.0 writes in its own way (<c>nullable</c>, boolean
/// <c>exclusiveMinimum</c>) is written as JSON Schema has it, because clients check input schemas by that. Everything else stays as it is.
/// </summary>
/// <remarks>
/// A schema that contains itself cannot be inlined: where the circle closes, a schema stands that names the component and its type and takes any such value.
/// </remarks>
internal sealed class SchemaWriter(References references, bool isVersion30, OpenApiProblems problems)
{
    private readonly HashSet<ConfigNode> _open = new(ReferenceEqualityComparer.Instance);
    private readonly HashSet<string> _circular = new(StringComparer.Ordinal);
    private Utf8JsonWriter _writer = null!;
    private long _limit;

    /// <summary>Writes a schema.</summary>
    /// <param name="writer">Where to.</param>
    /// <param name="schema">The schema, or a reference to one.</param>
    /// <param name="path">Where it stands.</param>
    /// <param name="limit">Number of bytes that the writer may have written at the end.</param>
    /// <param name="description">Description to write instead of the schema's; null keeps it.</param>
    /// <exception cref="OpenApiProblemException">It is no schema, too large, or refers to what is not there.</exception>
    public void Write(Utf8JsonWriter writer, ConfigNode schema, ConfigPath path, long limit, string? description = null)
    {
        _writer = writer;
        _limit = limit;
        _open.Clear();
        WriteSchema(schema, path, 0, description);
    }

    /// <summary>Writes a value that is no schema, with bounds.</summary>
    private void WriteValue(ConfigNode node, ConfigPath path, int depth)
    {
        Check(node, path, depth);
        switch (node)
        {
            case MappingNode mapping:
                _writer.WriteStartObject();
                foreach (var entry in mapping.Entries)
                {
                    _writer.WritePropertyName(entry.Key);
                    WriteValue(entry.Value, path, depth + 1);
                }

                _writer.WriteEndObject();
                break;
            case SequenceNode sequence:
                _writer.WriteStartArray();
                foreach (var item in sequence.Items)
                {
                    WriteValue(item, path, depth + 1);
                }

                _writer.WriteEndArray();
                break;
            case ScalarNode scalar:
                ScalarJson.Write(_writer, scalar);
                break;
        }
    }

    private void WriteSchema(ConfigNode node, ConfigPath path, int depth, string? description)
    {
        Check(node, path, depth);
        if (node is ScalarNode { Kind: ScalarKind.Boolean } boolean)
        {
            // JSON Schema: true takes everything, false nothing. As object, so that it can be described.
            _writer.WriteStartObject();
            WriteDescription(description);
            if (boolean.Text is ['f' or 'F', ..])
            {
                _writer.WriteStartObject("not"u8);
                _writer.WriteEndObject();
            }

            _writer.WriteEndObject();
            return;
        }

        if (node is not MappingNode schema)
        {
            throw new OpenApiProblemException(path, node.Position, $"expected a schema, found {node.KindName}; write a mapping such as `type: string`");
        }

        if (References.Of(schema) is { } reference)
        {
            WriteReferred(schema, reference, path, depth, description);
            return;
        }

        _writer.WriteStartObject();
        WriteMembers(schema, path, depth, description);
        _writer.WriteEndObject();
    }

    private void WriteReferred(MappingNode holder, ScalarNode reference, ConfigPath path, int depth, string? description)
    {
        var target = references.Resolve(reference, "schemas", path, out var name);

        // What stands beside a reference counts since 3.1; a description is meant for readers in both.
        description ??= (holder.Find("description") as ScalarNode)?.Text;
        if (!_open.Add(target))
        {
            if (_circular.Add(name))
            {
                problems.Warning(path, reference.Position, $"the schema `{Quoting.Shorten(name)}` contains itself; where it does, tools take any value of its type");
            }

            _writer.WriteStartObject();
            if ((target as MappingNode)?.Find("type") is { } type)
            {
                _writer.WritePropertyName("type"u8);
                WriteValue(type, path, depth + 1);
            }

            WriteDescription(description ?? $"{name}, as described above");
            _writer.WriteEndObject();
            return;
        }

        var beside = isVersion30 ? 0 : holder.Entries.Length - 1 - (holder.Has("description") ? 1 : 0);
        if (beside <= 0)
        {
            WriteSchema(target, path, depth + 1, description);
        }
        else
        {
            _writer.WriteStartObject();
            _writer.WriteStartArray("allOf"u8);
            WriteSchema(target, path, depth + 2, null);
            _writer.WriteStartObject();
            WriteMembers(holder, path, depth + 2, description: null, isBeside: true);
            _writer.WriteEndObject();
            _writer.WriteEndArray();
            WriteDescription(description);
            _writer.WriteEndObject();
        }

        _open.Remove(target);
    }

    private void WriteMembers(MappingNode schema, ConfigPath path, int depth, string? description, bool isBeside = false)
    {
        var isNullable = isVersion30 && IsTrue(schema.Find("nullable")) && schema.Find("type") is ScalarNode;
        WriteDescription(description);
        foreach (var entry in schema.Entries)
        {
            var (key, value) = (entry.Key, entry.Value);
            if (key == "description" ? isBeside || description is not null : isBeside && key == "$ref")
            {
                continue;
            }

            if (isVersion30 && WriteOld(schema, key, value, isNullable))
            {
                continue;
            }

            _writer.WritePropertyName(key);
            var at = path.Key(key);
            switch (key)
            {
                case "items" when value is SequenceNode:
                case "allOf" or "anyOf" or "oneOf" or "prefixItems":
                    WriteSchemas(value, at, depth + 1);
                    break;
                case "items" or "additionalProperties" or "not" or "contains" or "propertyNames" or "if" or "then" or "else" or "unevaluatedItems" or "unevaluatedProperties":
                    if (value is ScalarNode { Kind: ScalarKind.Boolean } flag)
                    {
                        ScalarJson.Write(_writer, flag);
                    }
                    else
                    {
                        WriteSchema(value, at, depth + 1, null);
                    }

                    break;
                case "properties" or "patternProperties" or "dependentSchemas" or "$defs" or "definitions":
                    WriteNamedSchemas(value, at, depth + 1);
                    break;
                case "enum" when isNullable && value is SequenceNode values:
                    WriteNullableEnum(values, at, depth + 1);
                    break;
                default:
                    WriteValue(value, at, depth + 1);
                    break;
            }
        }
    }

    // OpenAPI 3.0 takes its keywords from a draft of JSON Schema in which these look otherwise. True when the member is dealt with.
    private bool WriteOld(MappingNode schema, string key, ConfigNode value, bool isNullable)
    {
        switch (key)
        {
            case "nullable" when value is ScalarNode { Kind: ScalarKind.Boolean }:
                return true;
            case "type" when isNullable:
                _writer.WriteStartArray("type"u8);
                ScalarJson.Write(_writer, (ScalarNode)value);
                _writer.WriteStringValue("null"u8);
                _writer.WriteEndArray();
                return true;
            case "exclusiveMinimum" or "exclusiveMaximum" when value is ScalarNode { Kind: ScalarKind.Boolean }:
                if (IsTrue(value) && schema.Find(key == "exclusiveMinimum" ? "minimum" : "maximum") is ScalarNode bound)
                {
                    _writer.WritePropertyName(key);
                    ScalarJson.Write(_writer, bound);
                }

                return true;
            case "minimum" when IsTrue(schema.Find("exclusiveMinimum")):
            case "maximum" when IsTrue(schema.Find("exclusiveMaximum")):
                return true;
            default:
                return false;
        }
    }

    private void WriteSchemas(ConfigNode node, ConfigPath path, int depth)
    {
        Check(node, path, depth);
        if (node is not SequenceNode sequence)
        {
            throw new OpenApiProblemException(path, node.Position, $"expected a list of schemas, found {node.KindName}");
        }

        _writer.WriteStartArray();
        for (var i = 0; i < sequence.Items.Length; i++)
        {
            WriteSchema(sequence.Items[i], path.Index(i), depth + 1, null);
        }

        _writer.WriteEndArray();
    }

    private void WriteNamedSchemas(ConfigNode node, ConfigPath path, int depth)
    {
        Check(node, path, depth);
        if (node is not MappingNode mapping)
        {
            throw new OpenApiProblemException(path, node.Position, $"expected a mapping of names to schemas, found {node.KindName}");
        }

        _writer.WriteStartObject();
        foreach (var entry in mapping.Entries)
        {
            _writer.WritePropertyName(entry.Key);
            WriteSchema(entry.Value, path.Key(entry.Key), depth + 1, null);
        }

        _writer.WriteEndObject();
    }

    private void WriteNullableEnum(SequenceNode values, ConfigPath path, int depth)
    {
        var hasNull = false;
        _writer.WriteStartArray();
        foreach (var value in values.Items)
        {
            hasNull |= value is ScalarNode { Kind: ScalarKind.Null };
            WriteValue(value, path, depth + 1);
        }

        if (!hasNull)
        {
            _writer.WriteNullValue();
        }

        _writer.WriteEndArray();
    }

    private void WriteDescription(string? description)
    {
        if (description is not null)
        {
            _writer.WriteString("description"u8, description);
        }
    }

    private void Check(ConfigNode node, ConfigPath path, int depth)
    {
        if (depth > OpenApiLimits.SchemaDepth)
        {
            throw new OpenApiProblemException(path, node.Position, $"nested deeper than {OpenApiLimits.SchemaDepth} levels once references are inlined; make the schema flatter");
        }

        if (_writer.BytesCommitted + _writer.BytesPending > _limit)
        {
            throw new OpenApiProblemException(path, node.Position, $"the input schema is larger than {OpenApiLimits.ToolBytes} bytes once references are inlined; make the schema smaller");
        }
    }

    private static bool IsTrue(ConfigNode? node) => node is ScalarNode { Kind: ScalarKind.Boolean, Text: ['t' or 'T', ..] };
}
