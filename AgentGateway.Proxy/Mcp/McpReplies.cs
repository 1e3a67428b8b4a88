using System.Text.Json;
using AgentGateway.Proxy.Mcp.Messages;
using AgentGateway.Proxy.Requests;
using AgentGateway.Proxy.Telemetry;

namespace AgentGateway.Proxy.Mcp;

/// <summary>Replies to requests that the gateway refuses itself. Texts and codes that clients match on are those of specification 2.1.</summary>
internal static class McpReplies
{
    /// <summary>A refusal as plain text.</summary>
    public static GatewayReply Text(int status, string message) => GatewayReply.Failure(status, ResponseReason.MCP, message);

    /// <summary>A refusal as JSON-RPC error when the message has an identifier to answer, else as plain text.</summary>
    public static GatewayReply Rpc(int status, JsonRpcMessage message, int code, string text, Action<Utf8JsonWriter>? data = null) =>
        message.Kind != JsonRpcKind.Request
            ? Text(status, text)
            : new GatewayReply
            {
                Status = status,
                Reason = ResponseReason.MCP,
                Error = text,
                ContentType = "application/json",
                Body = JsonRpcText.Error(message.Id, code, text, data),
            };

    public static GatewayReply UnsupportedVersion(JsonRpcMessage message, string version) =>
        Rpc(
            400,
            message,
            JsonRpcText.UnsupportedVersion,
            $"unsupported MCP protocol version: {version}",
            message.Method == McpMethods.Initialize ? null : writer =>
            {
                writer.WriteStartObject();
                writer.WriteStartArray("supported"u8);
                foreach (var known in McpVersions.Known)
                {
                    writer.WriteStringValue(known);
                }

                writer.WriteEndArray();
                writer.WriteString("requested"u8, version);
                writer.WriteEndObject();
            });

    public static GatewayReply MethodNotFound(JsonRpcMessage message) =>
        Rpc(404, message, JsonRpcText.MethodNotFound, $"method not found: {message.Method}");

    /// <summary>An upstream failed before a response was begun.</summary>
    public static GatewayReply Upstream(JsonRpcMessage message, McpUpstreamException error) =>
        error.Refusal ?? (error.IsStartFailure ? Text(500, error.Message) : Rpc(500, message, JsonRpcText.InternalError, error.Message));
}
