using AgentGateway.Proxy.Mcp.Messages;
using AgentGateway.Proxy.Telemetry;

namespace AgentGateway.Proxy.Mcp;

/// <summary>Writes what the gateway learns of a call to the request record and names the spans (telemetry specification 1.5, 1.6).</summary>
internal static class McpFacts
{
    /// <summary>Describes a request whose target is known.</summary>
    /// <param name="record">Where the facts go.</param>
    /// <param name="message">The client's message.</param>
    /// <param name="target">Name of the target.</param>
    /// <param name="name">Tool or prompt name, or resource address, as the target knows it.</param>
    public static void Describe(RequestRecord record, JsonRpcMessage message, string target, string? name)
    {
        var method = message.Method!;
        record.McpTarget = target;
        record.McpResourceType = McpMethods.ResourceType(method);
        switch (method)
        {
            case McpMethods.ToolsCall:
                record.McpToolName = name;
                record.McpToolArguments = message.Arguments.Of(message.Json);
                break;
            case McpMethods.PromptsGet:
                record.McpPromptName = name;
                break;
            case McpMethods.ResourcesRead or McpMethods.ResourcesSubscribe or McpMethods.ResourcesUnsubscribe:
                record.McpResourceUri = name;
                break;
            case McpMethods.Complete when message.ReferenceType == "ref/prompt":
                record.McpResourceType = "prompt";
                record.McpPromptName = name;
                break;
            case McpMethods.Complete when message.ReferenceType == "ref/resource":
                record.McpResourceType = "resource";
                record.McpResourceUri = name;
                break;
        }
    }

    /// <summary>Starts the span of the call to one target; null when the request takes no part in a trace.</summary>
    public static OutboundSpan? StartSpan(RequestRecord record, string method, string target, string? toolOrPrompt)
    {
        if (record.StartOutbound(OutboundKind.Primary, "Mcp", toolOrPrompt is null ? $"{method} {target}" : $"{method} {target}_{toolOrPrompt}") is not { } span)
        {
            return null;
        }

        span.Set("mcp.target", target);
        span.Set("mcp.method.name", method);
        if (method == McpMethods.ToolsCall)
        {
            span.Set("gen_ai.tool.name", toolOrPrompt);
        }

        return span;
    }

    /// <summary>The name that stands in the span's name: that of a tool or prompt.</summary>
    public static string? SpanName(JsonRpcMessage message, string? name) =>
        message.Method is McpMethods.ToolsCall or McpMethods.PromptsGet || (message.Method == McpMethods.Complete && message.ReferenceType == "ref/prompt") ? name : null;

    /// <summary>Takes error and result of the answer.</summary>
    public static void Answered(RequestRecord record, JsonRpcMessage request, JsonRpcMessage answer, OutboundSpan? span)
    {
        if (answer.Kind == JsonRpcKind.Error)
        {
            record.McpErrorCode = answer.ErrorCode;
            record.McpErrorMessage = answer.ErrorMessage;
            span?.Fail(nameof(ResponseReason.MCP), answer.ErrorMessage ?? "error");
            if (request.Method == McpMethods.ToolsCall)
            {
                // A copy: the record outlives the buffer of the stream.
                record.McpToolError = answer.Error.Of(answer.Json).ToArray();
            }
        }
        else if (answer.Kind == JsonRpcKind.Response && request.Method == McpMethods.ToolsCall)
        {
            record.McpToolResult = answer.Result.Of(answer.Json).ToArray();
        }
    }

    /// <summary>Takes an error that the gateway made.</summary>
    public static void Failed(RequestRecord record, OutboundSpan? span, int code, string message)
    {
        record.McpErrorCode = code;
        record.McpErrorMessage = message;
        record.Error = message;
        record.Reason = ResponseReason.UpstreamFailure;
        span?.Fail(nameof(ResponseReason.UpstreamFailure), message);
    }
}
