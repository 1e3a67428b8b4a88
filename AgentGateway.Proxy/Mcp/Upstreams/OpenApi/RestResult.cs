using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Unicode;

namespace AgentGateway.Proxy.Mcp.Upstreams.OpenApi;

/// <summary>Writes the JSON-RPC answers of a target that is a REST service.</summary>
internal static class RestResult
{
    private static readonly JsonWriterOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private static readonly JsonReaderOptions Strict = new() { MaxDepth = McpLimits.JsonDepth };

    /// <summary>The result of a call (specification 2.10): a JSON object as it is, other JSON as <c>data</c>, anything else as <c>code</c> and <c>message</c>.</summary>
    /// <param name="id">Identifier of the request, as it was written.</param>
    /// <param name="status">Status of the service's answer; one from 400 on marks the result as an error of the tool, which the model can read.</param>
    /// <param name="body">Body of the answer.</param>
    /// <param name="charset">Charset of the body, null when not stated.</param>
    public static byte[] Called(ReadOnlyMemory<byte> id, int status, ReadOnlyMemory<byte> body, string? charset)
    {
        var structured = Structured(status, body, charset);
        var buffer = new ArrayBufferWriter<byte>(256 + (structured.Length * 2));
        using (var writer = new Utf8JsonWriter(buffer, Plain))
        {
            Begin(writer, id);
            writer.WriteStartArray("content"u8);
            writer.WriteStartObject();
            writer.WriteString("type"u8, "text"u8);
            writer.WriteString("text"u8, structured.Span);
            writer.WriteEndObject();
            writer.WriteEndArray();
            writer.WritePropertyName("structuredContent"u8);
            writer.WriteRawValue(structured.Span, skipInputValidation: true);
            if (status >= 400)
            {
                writer.WriteBoolean("isError"u8, true);
            }

            writer.WriteEndObject();
            writer.WriteEndObject();
        }

        return buffer.WrittenSpan.ToArray();
    }

    /// <summary>A result that is known as JSON.</summary>
    public static byte[] Known(ReadOnlyMemory<byte> id, ReadOnlySpan<byte> result)
    {
        var buffer = new ArrayBufferWriter<byte>(64 + id.Length + result.Length);
        buffer.Write("""{"jsonrpc":"2.0","id":"""u8);
        buffer.Write(id.Span);
        buffer.Write(""","result":"""u8);
        buffer.Write(result);
        buffer.Write("}"u8);
        return buffer.WrittenSpan.ToArray();
    }

    /// <summary>Answer to <c>initialize</c>: there are tools and nothing else.</summary>
    public static byte[] Initialized(ReadOnlyMemory<byte> id, string protocolVersion, string title, string version)
    {
        var buffer = new ArrayBufferWriter<byte>(256);
        using (var writer = new Utf8JsonWriter(buffer, Plain))
        {
            Begin(writer, id);
            writer.WriteString("protocolVersion"u8, protocolVersion);
            writer.WriteStartObject("capabilities"u8);
            writer.WriteStartObject("tools"u8);
            writer.WriteEndObject();
            writer.WriteEndObject();
            writer.WriteStartObject("serverInfo"u8);
            writer.WriteString("name"u8, title);
            writer.WriteString("version"u8, version);
            writer.WriteEndObject();
            writer.WriteEndObject();
            writer.WriteEndObject();
        }

        return buffer.WrittenSpan.ToArray();
    }

    /// <summary>Text of a body in its charset; what cannot be read becomes U+FFFD.</summary>
    public static string Decode(ReadOnlySpan<byte> body, string? charset) =>
        (charset?.Trim('"') is { } name && (name.Equals("iso-8859-1", StringComparison.OrdinalIgnoreCase) || name.Equals("latin1", StringComparison.OrdinalIgnoreCase))
            ? Encoding.Latin1
            : Encoding.UTF8).GetString(body);

    private static ReadOnlyMemory<byte> Structured(int status, ReadOnlyMemory<byte> body, string? charset)
    {
        var json = body.Span.StartsWith("\uFEFF"u8) ? body[3..] : body;
        var first = FirstToken(json.Span);
        if (first == JsonTokenType.StartObject)
        {
            return json;
        }

        var buffer = new ArrayBufferWriter<byte>(64 + json.Length);
        using (var writer = new Utf8JsonWriter(buffer, Plain))
        {
            writer.WriteStartObject();
            if (first != JsonTokenType.None)
            {
                writer.WritePropertyName("data"u8);
                writer.WriteRawValue(json.Span, skipInputValidation: true);
            }
            else
            {
                writer.WriteNumber("code"u8, status);
                writer.WriteString("message"u8, Decode(body.Span, charset));
            }

            writer.WriteEndObject();
        }

        return buffer.WrittenMemory;
    }

    // None when it is not JSON as a whole.
    private static JsonTokenType FirstToken(ReadOnlySpan<byte> json)
    {
        if (!Utf8.IsValid(json))
        {
            return JsonTokenType.None;
        }

        try
        {
            var reader = new Utf8JsonReader(json, Strict);
            if (!reader.Read())
            {
                return JsonTokenType.None;
            }

            var first = reader.TokenType;
            while (reader.Read())
            {
            }

            return first;
        }
        catch (JsonException)
        {
            return JsonTokenType.None;
        }
    }

    private static void Begin(Utf8JsonWriter writer, ReadOnlyMemory<byte> id)
    {
        writer.WriteStartObject();
        writer.WriteString("jsonrpc"u8, "2.0"u8);
        writer.WritePropertyName("id"u8);
        writer.WriteRawValue(id.Span, skipInputValidation: true);
        writer.WriteStartObject("result"u8);
    }
}
