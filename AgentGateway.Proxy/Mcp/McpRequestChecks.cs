using AgentGateway.Proxy.Mcp.Messages;
using AgentGateway.Proxy.Mcp.Upstreams;
using AgentGateway.Proxy.Requests;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;

namespace AgentGateway.Proxy.Mcp;

/// <summary>Checks of a request before any upstream sees it, in the order of specification 2.1.</summary>
internal static class McpRequestChecks
{
    /// <summary>Row 1: protects a gateway on a developer's machine from web pages that rebind their name to it.</summary>
    public static bool IsLocal(string host, StringValues origins)
    {
        if (!IsLocalHost(host))
        {
            return false;
        }

        foreach (var origin in origins)
        {
            if (!Uri.TryCreate(origin, UriKind.Absolute, out var uri) || !IsLocalHost(uri.Authority))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>True when <c>Accept</c> names the media type itself; wildcards do not count.</summary>
    public static bool Accepts(StringValues accept, string mediaType)
    {
        foreach (var line in accept)
        {
            foreach (var part in line.AsSpan().Split(','))
            {
                var type = line.AsSpan(part);
                var semicolon = type.IndexOf(';');
                if ((semicolon < 0 ? type : type[..semicolon]).Trim().Equals(mediaType, StringComparison.OrdinalIgnoreCase))
                {
                    return true;
                }
            }
        }

        return false;
    }

    public static bool IsJson(HttpRequest request) =>
        request.ContentType is { } type && type.StartsWith("application/json", StringComparison.OrdinalIgnoreCase);

    /// <summary>Rows 5 and 6, and what declares the newer revision without its header.</summary>
    public static GatewayReply? CheckVersion(JsonRpcMessage message, string? header)
    {
        if (header is not null && !McpVersions.IsKnown(header))
        {
            return McpReplies.UnsupportedVersion(message, header);
        }

        if (message.MetaVersion is not { } body)
        {
            return null;
        }

        if (header is not null)
        {
            return string.Equals(header, body, StringComparison.Ordinal)
                ? null
                : McpReplies.Rpc(400, message, JsonRpcText.HeaderMismatch, "MCP protocol version header/body mismatch");
        }

        return !McpVersions.IsKnown(body) ? McpReplies.UnsupportedVersion(message, body)
            : McpVersions.IsModern(body) ? McpReplies.Rpc(400, message, JsonRpcText.HeaderMismatch, "MCP protocol version header/body mismatch")
            : null;
    }

    /// <summary>Row 7: the rules of revision 2026-07-28.</summary>
    public static GatewayReply? CheckModern(JsonRpcMessage message, IHeaderDictionary headers)
    {
        if (headers.ContainsKey("mcp-session-id"))
        {
            return McpReplies.Text(400, $"session header is not allowed in protocol version {McpVersions.Modern}");
        }

        if (message.Kind is JsonRpcKind.Response or JsonRpcKind.Error)
        {
            return McpReplies.Text(400, $"responses are not accepted in protocol version {McpVersions.Modern}");
        }

        if (message.Kind != JsonRpcKind.Request)
        {
            return null;
        }

        var missing = message.MetaVersion is null ? "protocolVersion"
            : !message.MetaHasClientInfo ? "clientInfo"
            : !message.MetaHasClientCapabilities ? "clientCapabilities"
            : null;
        if (missing is not null)
        {
            return McpReplies.Rpc(400, message, JsonRpcText.InvalidParams, $"missing _meta field io.modelcontextprotocol/{missing}");
        }

        return CheckRouting(message, headers) ?? (McpMethods.IsModernRequest(message.Method!) ? null : McpReplies.MethodNotFound(message));
    }

    private static GatewayReply? CheckRouting(JsonRpcMessage message, IHeaderDictionary headers)
    {
        var method = headers["mcp-method"];
        if (method.Count != 1 || !string.Equals(method[0], message.Method, StringComparison.Ordinal))
        {
            return McpReplies.Rpc(400, message, JsonRpcText.HeaderMismatch, "Mcp-Method header/body mismatch");
        }

        var expected = message.Method switch
        {
            McpMethods.ToolsCall or McpMethods.PromptsGet => message.Name,
            McpMethods.ResourcesRead => message.Uri,
            _ => null,
        };
        if (message.Method is not (McpMethods.ToolsCall or McpMethods.PromptsGet or McpMethods.ResourcesRead))
        {
            return null;
        }

        var name = headers["mcp-name"];
        var problem = name.Count != 1 ? "Mcp-Name must be given once"
            : !RoutingHeaderValue.TryDecode(name[0]!, out var value) ? "Mcp-Name is not valid base64"
            : !string.Equals(value, expected, StringComparison.Ordinal) ? "Mcp-Name header/body mismatch"
            : null;
        return problem is null ? null : McpReplies.Rpc(400, message, JsonRpcText.HeaderMismatch, $"invalid MCP routing header: {problem}");
    }

    private static bool IsLocalHost(string authority)
    {
        var host = authority.AsSpan();
        if (host.StartsWith("["))
        {
            var close = host.IndexOf(']');
            return close > 0 && host[..(close + 1)].SequenceEqual("[::1]") && (close + 1 == host.Length || host[close + 1] == ':');
        }

        var colon = host.IndexOf(':');
        host = colon < 0 ? host : host[..colon];
        return host.Equals("localhost", StringComparison.OrdinalIgnoreCase) || host.SequenceEqual("127.0.0.1");
    }
}
