namespace AgentGateway.Proxy.Telemetry;

/// <summary>
/// Every fact about one request that logs, traces, metrics or expressions may need. Written by whoever learns the fact, read once when the
/// response body has ended. One instance belongs to one <see cref="Requests.RequestContext"/> and is reset between requests of a connection.
/// </summary>
internal sealed partial class RequestRecord
{
    // Identity. Source of names and order: table 1.6 of the telemetry specification.
    public string Bind = "";
    public string Gateway = "default/default";
    public string? Listener;
    public string? Route;
    public string? RouteRule;

    /// <summary>Path pattern of the matched route for the span name: the exact path, <c>prefix/*</c>, or the regular expression.</summary>
    public string? PathMatch;

    /// <summary>Runtime key of the chosen backend, the <c>backend</c> label of metrics.</summary>
    public string? Backend;

    /// <summary>Address the request was sent to: <c>host:port</c>, <c>ip:port</c> or <c>unix:/path</c>.</summary>
    public string? Endpoint;

    /// <summary>Protocol spoken: <c>http</c>, <c>tcp</c>, <c>a2a</c>, <c>mcp</c>, <c>llm</c>.</summary>
    public string Protocol = "http";

    /// <summary>Why the response is what it is; see <see cref="ResponseReason"/>.</summary>
    public ResponseReason Reason;

    /// <summary>Message of an error that the gateway itself produced, or null.</summary>
    public string? Error;

    /// <summary>Retry attempt that produced the response; 0 for the first try.</summary>
    public int RetryAttempt;

    /// <summary>Bytes of the response body that were passed to the client.</summary>
    public long ResponseBytes;

    /// <summary><c>sub</c> claim of a validated token.</summary>
    public string? JwtSubject;

    /// <summary>gRPC status of the response, from header or trailer.</summary>
    public int? GrpcStatus;

    // MCP
    public string? McpMethod;
    public string? McpTarget;

    /// <summary>Targets of a message that went to several; null for one that went to one.</summary>
    public string[]? McpTargets;

    /// <summary><c>tool</c>, <c>prompt</c>, <c>resource</c>, <c>templates</c> or <c>task</c>.</summary>
    public string? McpResourceType;
    public string? McpResourceUri;
    public string? McpToolName;
    public string? McpPromptName;
    public string? McpSessionId;
    public int? McpErrorCode;
    public string? McpErrorMessage;

    /// <summary>Raw JSON of the arguments of a tools/call, for expressions (<c>mcp.tool.arguments</c>).</summary>
    public ReadOnlyMemory<byte> McpToolArguments;

    /// <summary>Raw JSON of the result of a tools/call, for expressions (<c>mcp.tool.result</c>).</summary>
    public ReadOnlyMemory<byte> McpToolResult;

    /// <summary>Raw JSON of the error of a tools/call, for expressions (<c>mcp.tool.error</c>).</summary>
    public ReadOnlyMemory<byte> McpToolError;

    // A2A
    public string? A2aMethod;
    public string? A2aOutcome;
    public int? A2aErrorCode;
    public string? A2aResultKind;
    public string? A2aTaskState;
    public string? A2aContextId;
}
