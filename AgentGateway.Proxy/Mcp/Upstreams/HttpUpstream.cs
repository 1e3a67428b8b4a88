using System.Net;
using System.Net.Http.Headers;
using AgentGateway.Configuration.Snapshot;
using AgentGateway.Proxy.Backends.Transport;
using AgentGateway.Proxy.Mcp.Messages;
using AgentGateway.Proxy.Requests;

namespace AgentGateway.Proxy.Mcp.Upstreams;

/// <summary>A target that speaks Streamable HTTP.</summary>
internal sealed class HttpUpstream : McpUpstream
{
    private static readonly MediaTypeHeaderValue JsonType = new("application/json");

    private readonly TargetHttp _http;
    private readonly TimeProvider _time;
    private string? _version;

    public HttpUpstream(McpHttpTargetSnapshot target, McpHttpConnections connections, TimeProvider time, string? sessionId = null)
        : base(target)
    {
        _http = new TargetHttp(target, connections, time);
        _time = time;
        SessionId = sessionId;
    }

    public override string Address => _http.Address;

    public override bool IsResumable => true;

    public override bool IsClosed => false;

    public override async ValueTask<UpstreamReply> SendAsync(UpstreamCall call, CancellationToken cancellationToken)
    {
        var message = call.Message;
        var request = Request(HttpMethod.Post, call.Context, call.Trace, call.ProtocolVersion);
        request.Headers.TryAddWithoutValidation("accept", "text/event-stream, application/json");
        request.Content = new ReadOnlyMemoryContent(call.Json) { Headers = { ContentType = JsonType } };
        if (message.Method is { } method)
        {
            request.Headers.TryAddWithoutValidation("mcp-method", RoutingHeaderValue.Encode(method));
            if (call.TargetName is { } name)
            {
                request.Headers.TryAddWithoutValidation("mcp-name", RoutingHeaderValue.Encode(name));
            }
        }

        var (sent, refusal) = await _http.SendAsync(request, call.Context, cancellationToken);
        if (sent is null)
        {
            return UpstreamReply.Refused(refusal!);
        }

        var response = sent;
        try
        {
            if (!response.IsSuccessStatusCode)
            {
                return UpstreamReply.Refused(await _http.RefusalAsync(response, cancellationToken));
            }

            if (message.Method == McpMethods.Initialize && response.Headers.TryGetValues("mcp-session-id", out var ids))
            {
                SessionId = ids.First();
            }

            if (response.StatusCode is HttpStatusCode.Accepted or HttpStatusCode.NoContent || message.Kind != JsonRpcKind.Request)
            {
                return UpstreamReply.Accepted;
            }

            var reply = await ReplyAsync(response, call, cancellationToken);
            if (!reply.IsSingleJson)
            {
                response = null;
            }

            return reply;
        }
        catch (Exception error) when (error is IOException or HttpRequestException)
        {
            throw _http.Failed(error);
        }
        finally
        {
            response?.Dispose();
        }
    }

    public override async ValueTask<UpstreamReply> OpenEventsAsync(RequestContext context, CancellationToken cancellationToken)
    {
        var request = Request(HttpMethod.Get, context, UpstreamTrace.Of(context, null), null);
        request.Headers.TryAddWithoutValidation("accept", "text/event-stream");
        var (sent, refusal) = await _http.SendAsync(request, context, cancellationToken);
        if (sent is not { } response)
        {
            return UpstreamReply.Refused(refusal!);
        }

        if (response.IsSuccessStatusCode && TargetHttp.IsType(response, "text/event-stream"))
        {
            var body = await response.Content.ReadAsStreamAsync(cancellationToken);
            return UpstreamReply.Answered(new HttpMessageStream(response, body, null, _time));
        }

        using (response)
        {
            return response.IsSuccessStatusCode
                ? throw new McpUpstreamException($"failed to send message: unexpected content type {response.Content.Headers.ContentType}")
                : UpstreamReply.Refused(await _http.RefusalAsync(response, cancellationToken));
        }
    }

    public override async ValueTask CloseAsync(RequestContext? context, bool endSession)
    {
        if (!endSession || SessionId is null)
        {
            return;
        }

        using var deadline = new CancellationTokenSource(McpLimits.CloseTime, _time);
        try
        {
            var trace = context is null ? default : UpstreamTrace.Of(context, null);
            var (response, _) = await _http.SendAsync(Request(HttpMethod.Delete, context, trace, null), context, deadline.Token);
            response?.Dispose();
        }
        catch (Exception error) when (error is McpUpstreamException or OperationCanceledException)
        {
            // The session is over for the client either way, and the upstream will find that out by its own idle time.
        }
    }

    /// <summary>Sends a request as it is to a path of the upstream's origin: OAuth metadata.</summary>
    public async ValueTask<GatewayReply> RelayAsync(RequestContext context, string pathAndQuery, CancellationToken cancellationToken)
    {
        var incoming = context.Http.Request;
        var request = Request(new HttpMethod(incoming.Method), context, UpstreamTrace.Of(context, null), null);
        request.RequestUri = new Uri(request.RequestUri!, pathAndQuery);
        request.Headers.TryAddWithoutValidation("accept", (IEnumerable<string?>)incoming.Headers.Accept);
        var (response, refusal) = await _http.SendAsync(request, context, cancellationToken);
        using (response)
        {
            return response is null ? refusal! : await _http.RefusalAsync(response, cancellationToken);
        }
    }

    private HttpRequestMessage Request(HttpMethod method, RequestContext? context, in UpstreamTrace trace, string? version)
    {
        var request = _http.Request(method, context, trace);

        // Of several targets each can have agreed on another revision than the client's.
        version ??= Server?.Version ?? (context?.Http.Request.Headers["mcp-protocol-version"] is { Count: > 0 } stated ? stated.ToString() : _version);
        if (version is not null)
        {
            // Kept for messages that the gateway sends on its own, when the session ends.
            _version = version;
            request.Headers.TryAddWithoutValidation("mcp-protocol-version", version);
        }

        if (SessionId is { } session)
        {
            request.Headers.TryAddWithoutValidation("mcp-session-id", session);
        }

        return request;
    }

    private async ValueTask<UpstreamReply> ReplyAsync(HttpResponseMessage response, UpstreamCall call, CancellationToken cancellationToken)
    {
        if (response.Content.Headers.ContentEncoding.Count > 0 && !response.Content.Headers.ContentEncoding.Contains("identity"))
        {
            throw new McpUpstreamException($"failed to send message: unexpected content encoding {string.Join(", ", response.Content.Headers.ContentEncoding)}");
        }

        var body = await response.Content.ReadAsStreamAsync(cancellationToken);
        if (TargetHttp.IsType(response, "text/event-stream"))
        {
            return UpstreamReply.Answered(new HttpMessageStream(response, body, (id, cancel) => ResumeAsync(call, id, cancel), _time));
        }

        if (!TargetHttp.IsType(response, "application/json"))
        {
            throw new McpUpstreamException($"failed to send message: unexpected content type {response.Content.Headers.ContentType?.ToString() ?? "(none)"}");
        }

        var json = await BoundedBody.ReadAsync(body, response.Content.Headers.ContentLength, McpLimits.UpstreamMessageBytes, cancellationToken)
            ?? throw new McpUpstreamException($"failed to send message: upstream sent a body of more than {McpLimits.UpstreamMessageBytes} bytes");
        return json.Length == 0
            ? throw new McpUpstreamException("failed to send message: upstream sent an empty body")
            : UpstreamReply.Answered(new SingleMessageStream(json), isSingleJson: true);
    }

    private async ValueTask<HttpResponseMessage?> ResumeAsync(UpstreamCall call, string lastEventId, CancellationToken cancellationToken)
    {
        var request = Request(HttpMethod.Get, call.Context, call.Trace, call.ProtocolVersion);
        request.Headers.TryAddWithoutValidation("accept", "text/event-stream");
        request.Headers.TryAddWithoutValidation("last-event-id", lastEventId);
        var (sent, _) = await _http.SendAsync(request, call.Context, cancellationToken);
        if (sent is not { } response)
        {
            return null;
        }

        if (response.IsSuccessStatusCode && TargetHttp.IsType(response, "text/event-stream"))
        {
            return response;
        }

        response.Dispose();
        return null;
    }
}
