using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using AgentGateway.Configuration.Documents;

namespace AgentGateway.Configuration.Reading;

/// <summary>A free JSON value.</summary>
internal sealed class JsonShape(string type, bool objectOnly, string example) : Shape<JsonText>
{
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };

    public override JsonText Read(Place place)
    {
        if (objectOnly && place.Node is not MappingNode)
        {
            place.WrongType("a mapping", "write its entries as `key: value`");
            return JsonText.EmptyObject;
        }

        return ToJson(place.Node);
    }

    public override JsonText Fallback(ReadContext context) => objectOnly ? JsonText.EmptyObject : new JsonText("null");

    public override Description Describe(Catalogue catalogue) => new AnyDescription(type, objectOnly ? ["object"] : [], example);

    /// <summary>Writes a node as compact JSON.</summary>
    public static JsonText ToJson(ConfigNode node)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer, Options))
        {
            Write(writer, node);
        }

        return new JsonText(Encoding.UTF8.GetString(buffer.WrittenSpan));
    }

    private static void Write(Utf8JsonWriter writer, ConfigNode node)
    {
        switch (node)
        {
            case MappingNode mapping:
                writer.WriteStartObject();
                foreach (var entry in mapping.Entries)
                {
                    writer.WritePropertyName(entry.Key);
                    Write(writer, entry.Value);
                }

                writer.WriteEndObject();
                break;
            case SequenceNode sequence:
                writer.WriteStartArray();
                foreach (var item in sequence.Items)
                {
                    Write(writer, item);
                }

                writer.WriteEndArray();
                break;
            case ScalarNode scalar:
                ScalarJson.Write(writer, scalar);
                break;
        }
    }
}
