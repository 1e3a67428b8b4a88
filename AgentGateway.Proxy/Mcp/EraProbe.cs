using AgentGateway.Proxy.Mcp.Messages;
using AgentGateway.Proxy.Requests;

namespace AgentGateway.Proxy.Mcp;

/// <summary>
/// Tells from an upstream's refusal of a 2026-07-28 request whether it only knows revisions with a handshake (MCP 2026-07-28, versioning,
/// backward compatibility): such a server refuses with a client error whose body is none of the errors that the newer revision defines.
/// </summary>
internal static class EraProbe
{
    private const int MissingCapability = -32021;

    public static bool SaysLegacy(GatewayReply refusal)
    {
        if (refusal.Status is not (400 or 404 or 405 or 406 or 415 or 422))
        {
            return false;
        }

        var message = new JsonRpcMessage();
        message.Read(refusal.Body);
        return message.Kind != JsonRpcKind.Error || !(IsModernError(message) || (refusal.Status == 404 && message.ErrorCode == JsonRpcText.MethodNotFound));
    }

    /// <summary>The same for an error that came with status 200.</summary>
    public static bool SaysLegacy(JsonRpcMessage error) => !IsModernError(error);

    private static bool IsModernError(JsonRpcMessage error) => error.ErrorCode switch
    {
        JsonRpcText.HeaderMismatch or MissingCapability => true,

        // Also older servers use the code; then the list names no revision that the request could be sent in.
        JsonRpcText.UnsupportedVersion => error.Error.Of(error.Json.Span).IndexOf("\"2026-"u8) >= 0,
        _ => false,
    };
}
