using System.Buffers;
using System.Text.Json;

namespace AgentGateway.Proxy.Mcp.Messages;

/// <summary>JSON-RPC messages that the gateway itself writes.</summary>
internal static class JsonRpcText
{
    public const int InvalidRequest = -32600;
    public const int MethodNotFound = -32601;
    public const int InvalidParams = -32602;
    public const int InternalError = -32603;
    public const int HeaderMismatch = -32020;
    public const int UnsupportedVersion = -32022;

    /// <summary>Identifier of the gateway's own <c>initialize</c>.</summary>
    public const string SyntheticId = "0";

    private static readonly JsonWriterOptions Plain = new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>An error in answer to <paramref name="id"/>, which is written as it came; empty writes null.</summary>
    public static byte[] Error(ReadOnlyMemory<byte> id, int code, string message, Action<Utf8JsonWriter>? data = null)
    {
        var buffer = new ArrayBufferWriter<byte>(256);
        using (var writer = new Utf8JsonWriter(buffer, Plain))
        {
            writer.WriteStartObject();
            writer.WriteString("jsonrpc"u8, "2.0"u8);
            writer.WritePropertyName("id"u8);
            if (id.IsEmpty)
            {
                writer.WriteNullValue();
            }
            else
            {
                writer.WriteRawValue(id.Span, skipInputValidation: true);
            }

            writer.WriteStartObject("error"u8);
            writer.WriteNumber("code"u8, code);
            writer.WriteString("message"u8, message);
            if (data is not null)
            {
                writer.WritePropertyName("data"u8);
                data(writer);
            }

            writer.WriteEndObject();
            writer.WriteEndObject();
        }

        return buffer.WrittenSpan.ToArray();
    }

    /// <summary>An answer that says no more than that the request was done.</summary>
    public static byte[] EmptyResult(ReadOnlyMemory<byte> id) => [.. """{"jsonrpc":"2.0","id":"""u8, .. id.Span, .. ""","result":{}}"""u8];

    /// <summary>The same as revision 2026-07-28 has it.</summary>
    public static byte[] CompleteResult(ReadOnlyMemory<byte> id) => [.. """{"jsonrpc":"2.0","id":"""u8, .. id.Span, .. ""","result":{"resultType":"complete"}}"""u8];

    /// <summary>The <c>initialize</c> that the gateway sends when a client without a session uses a server with sessions.</summary>
    public static byte[] Initialize(string protocolVersion, string gatewayVersion)
    {
        var buffer = new ArrayBufferWriter<byte>(256);
        using (var writer = new Utf8JsonWriter(buffer, Plain))
        {
            writer.WriteStartObject();
            writer.WriteString("jsonrpc"u8, "2.0"u8);
            writer.WriteNumber("id"u8, 0);
            writer.WriteString("method"u8, McpMethods.Initialize);
            writer.WriteStartObject("params"u8);
            writer.WriteString("protocolVersion"u8, protocolVersion);
            writer.WriteStartObject("capabilities"u8);
            writer.WriteEndObject();
            writer.WriteStartObject("clientInfo"u8);
            writer.WriteString("name"u8, "agentgateway"u8);
            writer.WriteString("version"u8, gatewayVersion);
            writer.WriteEndObject();
            writer.WriteEndObject();
            writer.WriteEndObject();
        }

        return buffer.WrittenSpan.ToArray();
    }

    /// <summary>Tells the server that the gateway's own handshake is done.</summary>
    public static byte[] Initialized() => """{"jsonrpc":"2.0","method":"notifications/initialized"}"""u8.ToArray();

    /// <summary>Reads a message that the gateway wrote itself.</summary>
    public static JsonRpcMessage Own(byte[] json)
    {
        var message = new JsonRpcMessage();
        return message.TryParse(json, out var reason) ? message : throw new InvalidOperationException(reason);
    }
}
