using AgentGateway.Cel;

namespace AgentGateway.Configuration.Expressions;

/// <summary>
/// The types of the root variables and their members. A host object returns the matching instance from <see cref="CelObject.Type"/>.
/// Every member is found under its camelCase and its snake_case spelling.
/// </summary>
public static class GatewayTypes
{
    /// <summary>Headers: any name, case-insensitive (<see cref="HeaderView"/>).</summary>
    public static CelObjectType Headers { get; } = new CelObjectTypeBuilder("headers").Open().Build();

    /// <summary>Type of <c>proxy.gateway</c>.</summary>
    public static CelObjectType ProxyGateway { get; } = Define("proxy.gateway")
        .Member(ProxyGatewayMember.Namespace, "namespace", CelType.String, "Namespace of the gateway.")
        .Member(ProxyGatewayMember.Name, "name", CelType.String, "Name of the gateway.")
        .Build();

    /// <summary>Type of <c>proxy.listener</c>.</summary>
    public static CelObjectType ProxyListener { get; } = Define("proxy.listener")
        .Member(ProxyListenerMember.Name, "name", CelType.String, "Name of the listener.")
        .Build();

    /// <summary>Type of <c>proxy.route</c>.</summary>
    public static CelObjectType ProxyRoute { get; } = Define("proxy.route")
        .Member(ProxyRouteMember.Namespace, "namespace", CelType.String, "Namespace of the route.")
        .Member(ProxyRouteMember.Name, "name", CelType.String, "Name of the route.")
        .Member(ProxyRouteMember.Kind, "kind", CelType.String, "Kind of the route resource, such as `HTTPRoute`.")
        .Member(ProxyRouteMember.Rule, "rule", CelType.String, "Name of the matched rule.")
        .Build();

    /// <summary>Type of <c>source.identity</c>.</summary>
    public static CelObjectType Identity { get; } = Define("source.identity")
        .Member(IdentityMember.TrustDomain, "trustDomain", CelType.String, "Trust domain.")
        .Member(IdentityMember.Namespace, "namespace", CelType.String, "Namespace.")
        .Member(IdentityMember.ServiceAccount, "serviceAccount", CelType.String, "Service account.")
        .Build();

    /// <summary>Type of <c>source.unverifiedWorkload</c>.</summary>
    public static CelObjectType Workload { get; } = Define("source.unverifiedWorkload")
        .Member(WorkloadMember.Name, "name", CelType.String, "Name of the workload.")
        .Member(WorkloadMember.Namespace, "namespace", CelType.String, "Namespace of the workload.")
        .Member(WorkloadMember.ServiceAccount, "serviceAccount", CelType.String, "Service account of the workload.")
        .Build();

    /// <summary>Type of <c>llm.params</c>.</summary>
    public static CelObjectType LlmParams { get; } = Define("llm.params")
        .Member(LlmParamsMember.Temperature, "temperature", CelType.Double, "Sampling temperature.")
        .Member(LlmParamsMember.TopP, "top_p", CelType.Double, "Nucleus sampling.")
        .Member(LlmParamsMember.FrequencyPenalty, "frequency_penalty", CelType.Double, "Frequency penalty.")
        .Member(LlmParamsMember.PresencePenalty, "presence_penalty", CelType.Double, "Presence penalty.")
        .Member(LlmParamsMember.Seed, "seed", CelType.Int, "Seed.")
        .Member(LlmParamsMember.MaxTokens, "max_tokens", CelType.Uint, "Most tokens to generate.")
        .Member(LlmParamsMember.EncodingFormat, "encoding_format", CelType.String, "Format of embeddings.")
        .Member(LlmParamsMember.Dimensions, "dimensions", CelType.Uint, "Dimensions of embeddings.")
        .Build();

    /// <summary>Type of <c>llm.cost</c>.</summary>
    public static CelObjectType LlmCost { get; } = Define("llm.cost")
        .Member(LlmCostMember.Total, "total", CelType.Double, "Total cost.")
        .Member(LlmCostMember.Input, "input", CelType.Double, "Cost of input tokens.")
        .Member(LlmCostMember.Output, "output", CelType.Double, "Cost of output tokens.")
        .Member(LlmCostMember.CacheRead, "cacheRead", CelType.Double, "Cost of tokens read from a cache.")
        .Member(LlmCostMember.CacheWrite, "cacheWrite", CelType.Double, "Cost of tokens written to a cache.")
        .Member(LlmCostMember.Reasoning, "reasoning", CelType.Double, "Cost of reasoning tokens.")
        .Member(LlmCostMember.InputAudio, "inputAudio", CelType.Double, "Cost of audio input.")
        .Member(LlmCostMember.OutputAudio, "outputAudio", CelType.Double, "Cost of audio output.")
        .Build();

    /// <summary>Type of <c>llm.costRates</c>.</summary>
    public static CelObjectType LlmCostRates { get; } = Define("llm.costRates")
        .Member(LlmCostRatesMember.Input, "input", CelType.Double, "Rate of input tokens.")
        .Member(LlmCostRatesMember.Output, "output", CelType.Double, "Rate of output tokens.")
        .Member(LlmCostRatesMember.CacheRead, "cacheRead", CelType.Double, "Rate of tokens read from a cache.")
        .Member(LlmCostRatesMember.CacheWrite, "cacheWrite", CelType.Double, "Rate of tokens written to a cache.")
        .Member(LlmCostRatesMember.Reasoning, "reasoning", CelType.Double, "Rate of reasoning tokens.")
        .Member(LlmCostRatesMember.InputAudio, "inputAudio", CelType.Double, "Rate of audio input.")
        .Member(LlmCostRatesMember.OutputAudio, "outputAudio", CelType.Double, "Rate of audio output.")
        .Build();

    /// <summary>Type of <c>mcp.tool</c>.</summary>
    public static CelObjectType McpTool { get; } = Define("mcp.tool")
        .Member(McpToolMember.Target, "target", CelType.String, "Target the tool belongs to.")
        .Member(McpToolMember.Name, "name", CelType.String, "Name of the tool at its target.")
        .Member(McpToolMember.Arguments, "arguments", CelType.Dyn, "Arguments of the call.")
        .Member(McpToolMember.Result, "result", CelType.Dyn, "Result of the call.")
        .Member(McpToolMember.Error, "error", CelType.Dyn, "Error of the call.")
        .Build();

    /// <summary>Type of <c>mcp.prompt</c>, <c>mcp.resource</c> and <c>mcp.task</c>.</summary>
    public static CelObjectType McpItem { get; } = Define("mcp.item")
        .Member(McpItemMember.Target, "target", CelType.String, "Target it belongs to.")
        .Member(McpItemMember.Name, "name", CelType.String, "Its name; of a resource, its URI.")
        .Build();

    /// <summary>Type of <c>request</c>.</summary>
    public static CelObjectType Request { get; } = Define("request")
        .Member(RequestMember.Method, "method", CelType.String, "Request method, such as `POST`.")
        .Member(RequestMember.Uri, "uri", CelType.String, "Full request URI; `.query(k)`, `.addQuery(k, v)` and `.setQuery(k, v)` apply.")
        .Member(RequestMember.Host, "host", CelType.String, "Host the request is for, without the port.")
        .Member(RequestMember.Scheme, "scheme", CelType.String, "`http` or `https`.")
        .Member(RequestMember.Path, "path", CelType.String, "Path of the request URI.")
        .Member(RequestMember.PathAndQuery, "pathAndQuery", CelType.String, "Path and query of the request URI; `.query(k)`, `.addQuery(k, v)` and `.setQuery(k, v)` apply.")
        .Member(RequestMember.Version, "version", CelType.String, "Protocol version: `HTTP/1.1` or `HTTP/2`.")
        .Member(RequestMember.Headers, "headers", Headers.Type, "Request headers, case-insensitive: a string, or a list when repeated.")
        .Member(RequestMember.Body, "body", CelType.Bytes, "Request body; reading it makes the gateway keep it, up to its buffering limit.")
        .Member(RequestMember.BodyPrefix, "bodyPrefix", CelType.Bytes, "First bytes of the request body, up to the buffering limit.")
        .Member(RequestMember.StartTime, "startTime", CelType.Timestamp, "When the request arrived.")
        .Member(RequestMember.EndTime, "endTime", CelType.Timestamp, "When the last byte of the response was sent; in logs and traces only.")
        .Build();

    /// <summary>Type of <c>response</c>.</summary>
    public static CelObjectType Response { get; } = Define("response")
        .Member(ResponseMember.Code, "code", CelType.Uint, "HTTP status code.")
        .Member(ResponseMember.GrpcStatus, "grpcStatus", CelType.Int, "gRPC status, when the response carries one.")
        .Member(ResponseMember.Headers, "headers", Headers.Type, "Response headers, case-insensitive: a string, or a list when repeated.")
        .Member(ResponseMember.Body, "body", CelType.Bytes, "Response body; reading it makes the gateway keep it, up to its buffering limit.")
        .Member(ResponseMember.BodyPrefix, "bodyPrefix", CelType.Bytes, "First bytes of the response body, up to the buffering limit.")
        .Build();

    /// <summary>Type of <c>proxy</c>.</summary>
    public static CelObjectType Proxy { get; } = Define("proxy")
        .Member(ProxyMember.Bind, "bind", CelType.String, "Name of the bind, such as `bind/3000`.")
        .Member(ProxyMember.Gateway, "gateway", ProxyGateway.Type, "The gateway the request came in by.")
        .Member(ProxyMember.Listener, "listener", ProxyListener.Type, "The listener the request came in by.")
        .Member(ProxyMember.Route, "route", ProxyRoute.Type, "The route that was matched.")
        .Member(ProxyMember.RequestProcessingDuration, "requestProcessingDuration", CelType.Duration, "Time the gateway took before the request went upstream.")
        .Member(ProxyMember.UpstreamDuration, "upstreamDuration", CelType.Duration, "Time the upstream took to begin its response.")
        .Member(ProxyMember.ResponseProcessingDuration, "responseProcessingDuration", CelType.Duration, "Time the gateway took after the upstream began its response.")
        .Build();

    /// <summary>Type of <c>env</c>. The environment of the process is not readable otherwise.</summary>
    public static CelObjectType Env { get; } = Define("env")
        .Member(EnvMember.PodName, "podName", CelType.String, "Pod of this gateway, from `POD_NAME`.")
        .Member(EnvMember.Namespace, "namespace", CelType.String, "Namespace of this gateway, from `NAMESPACE`.")
        .Member(EnvMember.Gateway, "gateway", CelType.String, "Name of the gateway this process runs for, from `GATEWAY`.")
        .Build();

    /// <summary>Type of <c>source</c>.</summary>
    public static CelObjectType Source { get; } = Define("source")
        .Member(SourceMember.Address, "address", CelType.String, "IP address of the client.")
        .Member(SourceMember.Port, "port", CelType.Uint, "Port of the client.")
        .Member(SourceMember.RawAddress, "rawAddress", CelType.String, "IP address of the TCP peer, before PROXY protocol or forwarded headers.")
        .Member(SourceMember.RawPort, "rawPort", CelType.Uint, "Port of the TCP peer.")
        .Member(SourceMember.Identity, "identity", Identity.Type, "Identity from the client certificate.")
        .Member(SourceMember.SpiffeId, "spiffeId", CelType.String, "SPIFFE id from the client certificate.")
        .Member(SourceMember.SubjectAltNames, "subjectAltNames", CelType.List(CelType.String), "Subject alternative names of the client certificate.")
        .Member(SourceMember.Issuer, "issuer", CelType.String, "Issuer of the client certificate.")
        .Member(SourceMember.Subject, "subject", CelType.String, "Subject of the client certificate.")
        .Member(SourceMember.SubjectCn, "subjectCn", CelType.String, "Common name of the subject of the client certificate.")
        .Member(SourceMember.Certificate, "certificate", CelType.String, "Client certificate in PEM.")
        .Member(SourceMember.UnverifiedWorkload, "unverifiedWorkload", Workload.Type, "Workload looked up by the source address; not verified.")
        .Member(SourceMember.ConnectHeaders, "connectHeaders", Headers.Type, "Headers of the CONNECT request that opened the tunnel.")
        .Build();

    /// <summary>Type of <c>destination</c>.</summary>
    public static CelObjectType Destination { get; } = Define("destination")
        .Member(DestinationMember.Address, "address", CelType.String, "IP address the client connected to.")
        .Member(DestinationMember.Port, "port", CelType.Uint, "Port the client connected to.")
        .Member(DestinationMember.Hostname, "hostname", CelType.String, "Host name the client asked for, from SNI or CONNECT.")
        .Build();

    /// <summary>Type of <c>jwt</c>.</summary>
    public static CelObjectType Jwt { get; } = Define("jwt")
        .Member(JwtMember.RawToken, "rawToken", CelRedacted.DeclaredType, "The token itself; prints masked, `.unredacted()` gives the text.")
        .Open()
        .Build();

    /// <summary>Type of <c>apiKey</c>.</summary>
    public static CelObjectType ApiKey { get; } = Define("apiKey")
        .Member(ApiKeyMember.Key, "key", CelRedacted.DeclaredType, "The key itself; prints masked, `.unredacted()` gives the text.")
        .Open()
        .Build();

    /// <summary>Type of <c>basicAuth</c>.</summary>
    public static CelObjectType BasicAuth { get; } = Define("basicAuth")
        .Member(BasicAuthMember.Username, "username", CelType.String, "User name.")
        .Build();

    /// <summary>Type of <c>llm</c>. Fields without a value are absent.</summary>
    public static CelObjectType Llm { get; } = Define("llm")
        .Member(LlmMember.Streaming, "streaming", CelType.Bool, "Whether the response is streamed.")
        .Member(LlmMember.RequestModel, "requestModel", CelType.String, "Model the client asked for.")
        .Member(LlmMember.ResponseModel, "responseModel", CelType.String, "Model that answered.")
        .Member(LlmMember.Provider, "provider", CelType.String, "Provider, such as `openai` or `anthropic`.")
        .Member(LlmMember.InputTokens, "inputTokens", CelType.Uint, "Input tokens, including cached ones.")
        .Member(LlmMember.ProviderInputTokens, "providerInputTokens", CelType.Uint, "Input tokens as the provider counts them.")
        .Member(LlmMember.InputImageTokens, "inputImageTokens", CelType.Uint, "Input tokens of images.")
        .Member(LlmMember.InputTextTokens, "inputTextTokens", CelType.Uint, "Input tokens of text.")
        .Member(LlmMember.InputAudioTokens, "inputAudioTokens", CelType.Uint, "Input tokens of audio.")
        .Member(LlmMember.CachedInputTokens, "cachedInputTokens", CelType.Uint, "Input tokens read from a cache.")
        .Member(LlmMember.CacheCreationInputTokens, "cacheCreationInputTokens", CelType.Uint, "Input tokens written to a cache.")
        .Member(LlmMember.OutputTokens, "outputTokens", CelType.Uint, "Output tokens.")
        .Member(LlmMember.OutputImageTokens, "outputImageTokens", CelType.Uint, "Output tokens of images.")
        .Member(LlmMember.OutputTextTokens, "outputTextTokens", CelType.Uint, "Output tokens of text.")
        .Member(LlmMember.OutputAudioTokens, "outputAudioTokens", CelType.Uint, "Output tokens of audio.")
        .Member(LlmMember.ReasoningTokens, "reasoningTokens", CelType.Uint, "Output tokens spent on reasoning.")
        .Member(LlmMember.TotalTokens, "totalTokens", CelType.Uint, "Input and output tokens.")
        .Member(LlmMember.ProviderTotalTokens, "providerTotalTokens", CelType.Uint, "Total as the provider counts it.")
        .Member(LlmMember.ServiceTier, "serviceTier", CelType.String, "Service tier the provider reports.")
        .Member(LlmMember.TimeToFirstToken, "timeToFirstToken", CelType.Duration, "Time until the first token of a stream.")
        .Member(LlmMember.TimePerOutputToken, "timePerOutputToken", CelType.Duration, "Mean time between tokens of a stream.")
        .Member(LlmMember.CountTokens, "countTokens", CelType.Uint, "Result of a token counting request.")
        .Member(LlmMember.Prompt, "prompt", CelType.AnyList, "Messages of the prompt, each with `role` and `content`; reading it makes the gateway keep them.")
        .Member(LlmMember.Completion, "completion", CelType.List(CelType.String), "Text of the completion, one string a choice; reading it makes the gateway keep it.")
        .Member(LlmMember.ToolCalls, "toolCalls", CelType.AnyList, "Tool calls of the completion, each with `id`, `name` and `arguments`; reading it makes the gateway keep them.")
        .Member(LlmMember.Params, "params", LlmParams.Type, "Parameters of the request.")
        .Member(LlmMember.Cost, "cost", LlmCost.Type, "Cost in the currency of the price list.")
        .Member(LlmMember.CostRates, "costRates", LlmCostRates.Type, "Rates the cost was computed with.")
        .Build();

    /// <summary>Type of <c>mcp</c>.</summary>
    public static CelObjectType Mcp { get; } = Define("mcp")
        .Member(McpMember.MethodName, "methodName", CelType.String, "Method of the message, such as `tools/call`.")
        .Member(McpMember.SessionId, "sessionId", CelType.String, "Session of the client.")
        .Member(McpMember.Tool, "tool", McpTool.Type, "The tool, in `tools/call` and tool lists.")
        .Member(McpMember.Prompt, "prompt", McpItem.Type, "The prompt, in `prompts/get` and prompt lists.")
        .Member(McpMember.Resource, "resource", McpItem.Type, "The resource, in `resources/read` and resource lists.")
        .Member(McpMember.Task, "task", McpItem.Type, "The task, in task methods.")
        .Build();

    /// <summary>Type of <c>backend</c>.</summary>
    public static CelObjectType Backend { get; } = Define("backend")
        .Member(BackendMember.Name, "name", CelType.String, "Name of the backend.")
        .Member(BackendMember.Type, "type", CelType.String, "`ai`, `mcp`, `static`, `dynamic`, `service` or `unknown`.")
        .Member(BackendMember.Protocol, "protocol", CelType.String, "`http`, `tcp`, `a2a`, `mcp` or `llm`.")
        .Build();

    /// <summary>Type of <c>trace</c>.</summary>
    public static CelObjectType Trace { get; } = Define("trace")
        .Member(TraceMember.Id, "id", CelType.String, "Trace id of the request, 32 hexadecimal digits.")
        .Member(TraceMember.SpanId, "spanId", CelType.String, "Id of the request's span, 16 hexadecimal digits.")
        .Member(TraceMember.Sampled, "sampled", CelType.Bool, "Whether the request is traced.")
        .Build();

    private static CelObjectTypeBuilder Define(string name) => new CelObjectTypeBuilder(name).AcceptBothSpellings();
}
