namespace AgentGateway.Proxy.Telemetry.Attributes;

/// <summary>Names of the attributes of a request, in the order in which they are shown (telemetry specification, table 1.6).</summary>
internal static class AttributeKeys
{
    public static readonly AttributeKey ConnectionId = new("connection.id");
    public static readonly AttributeKey RequestId = new("request.id");
    public static readonly AttributeKey Gateway = new("gateway");
    public static readonly AttributeKey Listener = new("listener");
    public static readonly AttributeKey RouteRule = new("route_rule");
    public static readonly AttributeKey Route = new("route");
    public static readonly AttributeKey Endpoint = new("endpoint");
    public static readonly AttributeKey SourceAddress = new("src.addr");
    public static readonly AttributeKey SourceIdentity = new("src.identity");
    public static readonly AttributeKey HttpMethod = new("http.method");
    public static readonly AttributeKey HttpHost = new("http.host");
    public static readonly AttributeKey HttpPath = new("http.path");
    public static readonly AttributeKey HttpVersion = new("http.version");
    public static readonly AttributeKey HttpStatus = new("http.status");
    public static readonly AttributeKey GrpcStatus = new("grpc.status");
    public static readonly AttributeKey TlsSni = new("tls.sni");
    public static readonly AttributeKey TraceId = new("trace.id");
    public static readonly AttributeKey SpanId = new("span.id");
    public static readonly AttributeKey JwtSubject = new("jwt.sub");
    public static readonly AttributeKey Protocol = new("protocol");
    public static readonly AttributeKey A2aMethod = new("a2a.method");
    public static readonly AttributeKey A2aOutcome = new("a2a.response.outcome");
    public static readonly AttributeKey A2aErrorCode = new("a2a.response.error_code");
    public static readonly AttributeKey A2aResultKind = new("a2a.result.kind");
    public static readonly AttributeKey A2aTaskState = new("a2a.task.state");
    public static readonly AttributeKey A2aContextId = new("a2a.context.id");
    public static readonly AttributeKey McpMethod = new("mcp.method.name");
    public static readonly AttributeKey McpTarget = new("mcp.target");
    public static readonly AttributeKey McpResourceType = new("mcp.resource.type");
    public static readonly AttributeKey McpResourceUri = new("mcp.resource.uri");
    public static readonly AttributeKey ToolName = new("gen_ai.tool.name");
    public static readonly AttributeKey PromptName = new("gen_ai.prompt.name");
    public static readonly AttributeKey McpSessionId = new("mcp.session.id");
    public static readonly AttributeKey McpErrorCode = new("mcp.error.code");
    public static readonly AttributeKey McpErrorMessage = new("mcp.error.message", quoted: true);
    public static readonly AttributeKey RetryAttempt = new("retry.attempt");
    public static readonly AttributeKey Error = new("error", AttributeScope.LogOnly, quoted: true);
    public static readonly AttributeKey Reason = new("reason");
    public static readonly AttributeKey Duration = new("duration");
    public static readonly AttributeKey UrlScheme = new("url.scheme", AttributeScope.SpanOnly);
    public static readonly AttributeKey NetworkProtocolVersion = new("network.protocol.version", AttributeScope.SpanOnly);

    /// <summary>On the request span only when the gateway itself failed the request; on outbound spans when the call failed.</summary>
    public static readonly AttributeKey ErrorType = new("error.type", AttributeScope.SpanOnly);

    public static readonly AttributeKey OutboundKind = new("agentgateway.outbound.kind", AttributeScope.SpanOnly);
    public static readonly AttributeKey OutboundSubtype = new("agentgateway.outbound.subtype", AttributeScope.SpanOnly);
}
