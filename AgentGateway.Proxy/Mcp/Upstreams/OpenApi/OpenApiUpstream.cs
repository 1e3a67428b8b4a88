using System.Collections.Concurrent;
using System.Net.Http.Headers;
using AgentGateway.Configuration.OpenApi;
using AgentGateway.Configuration.Snapshot;
using AgentGateway.Proxy.Backends.Transport;
using AgentGateway.Proxy.Mcp.Messages;
using AgentGateway.Proxy.Requests;

namespace AgentGateway.Proxy.Mcp.Upstreams.OpenApi;

/// <summary>
/// A REST service whose operations are tools (specification config-mcp 2.10). The gateway is the MCP server here: it answers everything itself, and
/// a call of a tool becomes one HTTP request. There is no state, so that a session can be resumed anywhere.
/// </summary>
internal sealed class OpenApiUpstream : McpUpstream
{
    private const int ErrorCharacters = 1024;

    private readonly OpenApiSource _source;
    private readonly TargetHttp _http;
    private readonly TimeProvider _time;
    private readonly string _prefix;
    private readonly ConcurrentDictionary<string, CancellationTokenSource> _calls = new(StringComparer.Ordinal);

    public OpenApiUpstream(McpOpenApiTargetSnapshot target, OpenApiSource source, McpHttpConnections connections, TimeProvider time)
        : base(target)
    {
        _source = source;
        _http = new TargetHttp(target, connections, time);
        _time = time;
        _prefix = _http.Endpoint.AbsolutePath.TrimEnd('/');
    }

    public override string Address => _http.Address;

    public override bool IsResumable => true;

    public override bool IsClosed => false;

    public override async ValueTask<UpstreamReply> SendAsync(UpstreamCall call, CancellationToken cancellationToken)
    {
        var message = call.Message;
        if (message.Kind != JsonRpcKind.Request)
        {
            if (message.Method == McpMethods.Cancelled && message.CancelledId.IsPresent && _calls.TryGetValue(message.KeyOf(message.CancelledId), out var cancelled))
            {
                await cancelled.CancelAsync();
            }

            return UpstreamReply.Accepted;
        }

        var tools = await _source.GetAsync(cancellationToken);
        return message.Method switch
        {
            McpMethods.Initialize => Answer(RestResult.Initialized(message.Id, Negotiate(message.ProtocolVersion), tools.Title, tools.Version)),
            McpMethods.Ping or McpMethods.SetLevel => Answer(RestResult.Known(message.Id, "{}"u8)),
            McpMethods.ToolsList => Answer(RestResult.Known(message.Id, tools.List.Span)),
            McpMethods.PromptsList => Answer(RestResult.Known(message.Id, """{"prompts":[]}"""u8)),
            McpMethods.ResourcesList => Answer(RestResult.Known(message.Id, """{"resources":[]}"""u8)),
            McpMethods.ResourceTemplatesList => Answer(RestResult.Known(message.Id, """{"resourceTemplates":[]}"""u8)),
            McpMethods.ToolsCall => await CallAsync(call, tools, cancellationToken),
            McpMethods.PromptsGet => Fail(message, JsonRpcText.InvalidParams, $"Unknown prompt: {message.Name}"),
            McpMethods.ResourcesRead or McpMethods.ResourcesSubscribe or McpMethods.ResourcesUnsubscribe => Fail(message, JsonRpcText.InvalidParams, $"Unknown resource: {message.Uri}"),
            _ => Fail(message, JsonRpcText.MethodNotFound, $"method not found: {message.Method}"),
        };
    }

    // As a server answers that has no messages of its own to send.
    public override ValueTask<UpstreamReply> OpenEventsAsync(RequestContext context, CancellationToken cancellationToken) =>
        new(UpstreamReply.Refused(McpReplies.Text(405, "GET event stream is not supported")));

    public override async ValueTask CloseAsync(RequestContext? context, bool endSession)
    {
        foreach (var (_, call) in _calls)
        {
            await call.CancelAsync();
        }
    }

    private async ValueTask<UpstreamReply> CallAsync(UpstreamCall call, OpenApiToolSet tools, CancellationToken cancellationToken)
    {
        var message = call.Message;
        if ((call.TargetName ?? message.Name) is not { } name || !tools.Tools.TryGetValue(name, out var tool))
        {
            return Fail(message, JsonRpcText.InvalidParams, $"Unknown tool: {call.TargetName ?? message.Name}");
        }

        if (RestArguments.TryBuild(tool, message.Arguments.Of(message.Json), _prefix, out var problem) is not { } rest)
        {
            return Fail(message, JsonRpcText.InvalidParams, problem);
        }

        using var timeout = new CancellationTokenSource(McpLimits.RestCallTime, _time);
        using var cancelled = new CancellationTokenSource();
        using var end = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, cancelled.Token, timeout.Token);
        var key = message.IdKey();
        if (!_calls.TryAdd(key, cancelled))
        {
            return Fail(message, JsonRpcText.InvalidRequest, "a request with this id is under way in this session");
        }

        try
        {
            return await CallAsync(call, tool, rest, end.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return cancelled.IsCancellationRequested
                ? Fail(message, JsonRpcText.InternalError, "the request was cancelled")
                : throw new McpUpstreamException($"failed to send message: upstream call failed: no answer within {McpLimits.RestCallTime.TotalSeconds:0} s ({Address})");
        }
        finally
        {
            _calls.TryRemove(key, out _);
        }
    }

    private async ValueTask<UpstreamReply> CallAsync(UpstreamCall call, OpenApiTool tool, RestRequest rest, CancellationToken cancellationToken)
    {
        var (sent, refusal) = await _http.SendAsync(Request(call, tool, rest), call.Context, cancellationToken);
        if (sent is not { } response)
        {
            return UpstreamReply.Refused(refusal!);
        }

        using (response)
        {
            var encoding = response.Content.Headers.ContentEncoding;
            if (encoding.Count > 0 && !encoding.Contains("identity"))
            {
                throw new McpUpstreamException($"failed to send message: unexpected content encoding {string.Join(", ", encoding)}");
            }

            byte[]? body;
            try
            {
                var stream = await response.Content.ReadAsStreamAsync(cancellationToken);
                body = await BoundedBody.ReadAsync(stream, response.Content.Headers.ContentLength, McpLimits.RestBodyBytes, cancellationToken);
            }
            catch (Exception error) when (error is IOException or HttpRequestException)
            {
                throw _http.Failed(error);
            }

            if (body is null)
            {
                throw new McpUpstreamException($"failed to send message: upstream sent a body of more than {McpLimits.RestBodyBytes} bytes");
            }

            var status = (int)response.StatusCode;
            var charset = response.Content.Headers.ContentType?.CharSet;
            return status >= 500
                ? Fail(call.Message, JsonRpcText.InternalError, $"upstream call of tool {tool.Name} failed with status {status}{Excerpt(body, charset)}")
                : Answer(RestResult.Called(call.Message.Id, status, body, charset));
        }
    }

    private HttpRequestMessage Request(UpstreamCall call, OpenApiTool tool, RestRequest rest)
    {
        var request = _http.Request(new HttpMethod(tool.Method), call.Context, call.Trace, rest.Target);
        request.Headers.TryAddWithoutValidation("accept", "application/json");
        if (rest.Body is { } body)
        {
            request.Content = new ReadOnlyMemoryContent(body) { Headers = { ContentType = new MediaTypeHeaderValue(rest.IsBytes ? "application/octet-stream" : "application/json") } };
        }

        foreach (var (name, value) in rest.Headers)
        {
            if (!request.Headers.NonValidated.Contains(name))
            {
                request.Headers.TryAddWithoutValidation(name, value);
            }
        }

        return request;
    }

    // Enough to see what is wrong; the rest of a page is of no use to a client.
    private static string Excerpt(byte[] body, string? charset)
    {
        var text = RestResult.Decode(body.AsSpan(0, Math.Min(body.Length, ErrorCharacters * 4)), charset).Trim();
        return text.Length == 0 ? "" : ": " + (text.Length <= ErrorCharacters ? text : text[..(char.IsHighSurrogate(text[ErrorCharacters - 1]) ? ErrorCharacters - 1 : ErrorCharacters)] + "…");
    }

    private static string Negotiate(string? wanted) => wanted is not null && McpVersions.IsKnown(wanted) && !McpVersions.IsModern(wanted) ? wanted : McpVersions.NewestLegacy;

    private static UpstreamReply Answer(byte[] json) => UpstreamReply.Answered(new SingleMessageStream(json));

    private static UpstreamReply Fail(JsonRpcMessage message, int code, string text) => Answer(JsonRpcText.Error(message.Id, code, text));
}
