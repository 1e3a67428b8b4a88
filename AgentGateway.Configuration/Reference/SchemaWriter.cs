using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using AgentGateway.Configuration.Documents;
using AgentGateway.Configuration.Reading;

namespace AgentGateway.Configuration.Reference;

/// <summary>
/// Writes the JSON schema. Where a value has a form of its own (number, duration, one of a few words), a string that the environment fills in is accepted
/// too, as the loader does; a key without a value is as good as absent.
/// </summary>
internal sealed class SchemaWriter
{
    private const string Placeholder = "environment";

    private readonly Utf8JsonWriter _json;
    private readonly Catalogue _catalogue;

    private SchemaWriter(Utf8JsonWriter json, Catalogue catalogue)
    {
        _json = json;
        _catalogue = catalogue;
    }

    public static string Write(Catalogue catalogue, string root)
    {
        var buffer = new ArrayBufferWriter<byte>(512 * 1024);
        using (var json = new Utf8JsonWriter(buffer, new JsonWriterOptions { Indented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, NewLine = "\n" }))
        {
            new SchemaWriter(json, catalogue).WriteDocument(root);
        }

        return Encoding.UTF8.GetString(buffer.WrittenSpan) + "\n";
    }

    private void WriteDocument(string root)
    {
        _json.WriteStartObject();
        _json.WriteString("$schema", "http://json-schema.org/draft-07/schema#");
        _json.WriteString("title", "AgentGateway configuration");
        _json.WriteStartArray("allOf");
        Reference(root);
        _json.WriteEndArray();
        _json.WriteStartObject("definitions");
        _json.WriteStartObject(Placeholder);
        _json.WriteString("description", "A value that an environment variable fills in: `$NAME`, `${NAME}` or `${NAME:-default}`.");
        _json.WriteString("type", "string");
        _json.WriteString("pattern", @"\$(\{[^}]+\}|[A-Za-z0-9_]+)");
        _json.WriteEndObject();
        foreach (var type in _catalogue.Objects)
        {
            WriteObject(type);
        }

        _json.WriteEndObject();
        _json.WriteEndObject();
    }

    private void WriteObject(ObjectDescription type)
    {
        _json.WriteStartObject(type.Name);
        _json.WriteString("description", type.Doc);
        _json.WriteString("type", "object");
        _json.WriteBoolean("additionalProperties", false);
        var required = type.Keys.Where(static key => key.Required).ToList();
        if (required.Count > 0)
        {
            _json.WriteStartArray("required");
            foreach (var key in required)
            {
                _json.WriteStringValue(key.Key);
            }

            _json.WriteEndArray();
        }

        if (type.Exclusive.Count > 0)
        {
            _json.WriteStartArray("allOf");
            foreach (var (one, keys) in type.Exclusive)
            {
                WriteExclusive(one, keys);
            }

            _json.WriteEndArray();
        }

        _json.WriteStartObject("properties");
        foreach (var key in type.Keys)
        {
            WriteKey(key);
        }

        _json.WriteEndObject();
        _json.WriteEndObject();
    }

    private void WriteExclusive(bool one, string[] keys)
    {
        _json.WriteStartObject();
        if (!one)
        {
            // None of them, or exactly one.
            _json.WriteStartArray("oneOf");
            _json.WriteStartObject();
            _json.WriteStartObject("not");
            Presence("anyOf", keys);
            _json.WriteEndObject();
            _json.WriteEndObject();
            Alternatives(keys);
            _json.WriteEndArray();
        }
        else
        {
            Presence("oneOf", keys);
        }

        _json.WriteEndObject();
    }

    private void Presence(string keyword, string[] keys)
    {
        _json.WriteStartArray(keyword);
        Alternatives(keys);
        _json.WriteEndArray();
    }

    // Present with a value: null is as good as absent.
    private void Alternatives(string[] keys)
    {
        foreach (var key in keys)
        {
            _json.WriteStartObject();
            _json.WriteStartArray("required");
            _json.WriteStringValue(key);
            _json.WriteEndArray();
            _json.WriteStartObject("properties");
            _json.WriteStartObject(key);
            _json.WriteStartObject("not");
            _json.WriteString("type", "null");
            _json.WriteEndObject();
            _json.WriteEndObject();
            _json.WriteEndObject();
            _json.WriteEndObject();
        }
    }

    private void WriteKey(KeyDescription key)
    {
        _json.WriteStartObject(key.Key);
        _json.WriteString("description", key.Acts ? key.Doc : $"{key.Doc} Read and checked; the gateway does not act on it yet.");
        if (key.Default is not null && Json(key.Default) is { } fallback)
        {
            _json.WritePropertyName("default");
            _json.WriteRawValue(fallback);
        }

        if (Json(Examples.Of(key, _catalogue)) is { } example)
        {
            _json.WriteStartArray("examples");
            _json.WriteRawValue(example);
            _json.WriteEndArray();
        }

        _json.WriteStartArray("anyOf");
        Forms(key.Value);
        if (!key.Required)
        {
            _json.WriteStartObject();
            _json.WriteString("type", "null");
            _json.WriteEndObject();
        }

        _json.WriteEndArray();
        _json.WriteEndObject();
    }

    // The forms of a value as entries of an array.
    private void Forms(Description value)
    {
        switch (value)
        {
            case UnionDescription union:
                foreach (var form in union.Forms)
                {
                    Forms(form);
                }

                break;
            case ReferenceDescription reference:
                Reference(reference.Name);
                break;
            case ScalarDescription scalar:
                WriteScalar(scalar);
                break;
            case ListDescription list:
                WriteList(list);
                break;
            case MapDescription map:
                _json.WriteStartObject();
                _json.WriteString("type", "object");
                _json.WritePropertyName("additionalProperties");
                Value(map.Value);
                _json.WriteEndObject();
                break;
            case AnyDescription any:
                _json.WriteStartObject();
                Types(any.JsonTypes);
                _json.WriteEndObject();
                break;
        }
    }

    private void Value(Description value)
    {
        _json.WriteStartObject();
        _json.WriteStartArray("anyOf");
        Forms(value);
        _json.WriteEndArray();
        _json.WriteEndObject();
    }

    private void WriteList(ListDescription list)
    {
        _json.WriteStartObject();
        _json.WriteString("type", "array");
        if (list.Minimum > 0)
        {
            _json.WriteNumber("minItems", list.Minimum);
        }

        if (list.Maximum is { } most)
        {
            _json.WriteNumber("maxItems", most);
        }

        _json.WritePropertyName("items");
        Value(list.Item);
        _json.WriteEndObject();
    }

    private void WriteScalar(ScalarDescription scalar)
    {
        _json.WriteStartObject();
        if (scalar.Values is { } words)
        {
            _json.WriteStartArray("enum");
            foreach (var word in words)
            {
                _json.WriteStringValue(word);

                // 1.1 without quotes is a number, and still the word that is meant.
                if (double.TryParse(word, NumberStyles.Float, CultureInfo.InvariantCulture, out _))
                {
                    _json.WriteRawValue(word);
                }
            }

            _json.WriteEndArray();
        }
        else
        {
            Types(scalar.JsonTypes);
            if (scalar.Shortest > 0)
            {
                _json.WriteNumber("minLength", scalar.Shortest);
            }

            if (scalar.Pattern is not null)
            {
                _json.WriteString("pattern", scalar.Pattern);
            }

            if (scalar.Minimum is { } least)
            {
                _json.WriteNumber("minimum", least);
            }

            if (scalar.Maximum is { } most)
            {
                _json.WriteNumber("maximum", most);
            }
        }

        _json.WriteEndObject();
        if (scalar.Values is not null || scalar.Pattern is not null || !scalar.JsonTypes.Contains("string"))
        {
            Reference(Placeholder);
        }
    }

    private void Types(string[] types)
    {
        if (types.Length == 1)
        {
            _json.WriteString("type", types[0]);
        }
        else if (types.Length > 1)
        {
            _json.WriteStartArray("type");
            foreach (var type in types)
            {
                _json.WriteStringValue(type);
            }

            _json.WriteEndArray();
        }
    }

    private void Reference(string name)
    {
        _json.WriteStartObject();
        _json.WriteString("$ref", $"#/definitions/{name}");
        _json.WriteEndObject();
    }

    private static string? Json(string yaml)
    {
        var node = YamlDocument.Parse(new SourceText(yaml, yaml, []), []);
        return node is null ? null : JsonShape.ToJson(node).Json;
    }
}
