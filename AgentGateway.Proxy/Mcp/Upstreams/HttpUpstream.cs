using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using AgentGateway.Configuration.Snapshot;
using AgentGateway.Proxy.Mcp.Messages;
using AgentGateway.Proxy.Requests;
using AgentGateway.Proxy.Telemetry;
using Microsoft.Extensions.Primitives;

namespace AgentGateway.Proxy.Mcp.Upstreams;

/// <summary>A target that speaks Streamable HTTP.</summary>
internal sealed class HttpUpstream : McpUpstream
{
    private static readonly MediaTypeHeaderValue JsonType = new("application/json");

    private readonly McpHttpTargetSnapshot _target;
    private readonly HttpMessageInvoker _transport;
    private readonly TimeProvider _time;
    private string? _version;

    public HttpUpstream(McpHttpTargetSnapshot target, HttpMessageInvoker transport, TimeProvider time, string? sessionId = null)
        : base(target)
    {
        _target = target;
        _transport = transport;
        _time = time;
        SessionId = sessionId;
    }

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

        var response = await SendAsync(request, cancellationToken);
        try
        {
            if (!response.IsSuccessStatusCode)
            {
                return UpstreamReply.Refused(await RefusalAsync(response, cancellationToken));
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
            throw Failed(error);
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
        var response = await SendAsync(request, cancellationToken);
        if (response.IsSuccessStatusCode && IsType(response, "text/event-stream"))
        {
            var body = await response.Content.ReadAsStreamAsync(cancellationToken);
            return UpstreamReply.Answered(new HttpMessageStream(response, body, null, _time));
        }

        using (response)
        {
            return response.IsSuccessStatusCode
                ? throw new McpUpstreamException($"failed to send message: unexpected content type {response.Content.Headers.ContentType}")
                : UpstreamReply.Refused(await RefusalAsync(response, cancellationToken));
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
            using var response = await SendAsync(Request(HttpMethod.Delete, context, trace, null), deadline.Token);
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
        request.RequestUri = new Uri(_target.Endpoint, pathAndQuery);
        request.Headers.TryAddWithoutValidation("accept", (IEnumerable<string?>)incoming.Headers.Accept);
        using var response = await SendAsync(request, cancellationToken);
        return await RefusalAsync(response, cancellationToken);
    }

    private HttpRequestMessage Request(HttpMethod method, RequestContext? context, in UpstreamTrace trace, string? version)
    {
        var isTls = _target.Endpoint.Scheme == Uri.UriSchemeHttps;
        var request = new HttpRequestMessage(method, _target.Endpoint)
        {
            Version = isTls ? HttpVersion.Version20 : HttpVersion.Version11,
            VersionPolicy = HttpVersionPolicy.RequestVersionOrLower,
        };
        if (context is not null)
        {
            var incoming = context.Http.Request.Headers;
            ForwardedHeaders.Copy(incoming, request.Headers);
            version ??= incoming["mcp-protocol-version"] is { Count: > 0 } stated ? stated.ToString() : null;
        }

        version ??= _version;
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

        ForwardedHeaders.SetTrace(request.Headers, trace);
        return request;
    }

    private async ValueTask<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        using (request)
        {
            try
            {
                return await _transport.SendAsync(request, cancellationToken);
            }
            catch (Exception error) when (error is HttpRequestException or IOException or ObjectDisposedException || (error is OperationCanceledException && !cancellationToken.IsCancellationRequested))
            {
                throw Failed(error);
            }
        }
    }

    private async ValueTask<UpstreamReply> ReplyAsync(HttpResponseMessage response, UpstreamCall call, CancellationToken cancellationToken)
    {
        if (response.Content.Headers.ContentEncoding.Count > 0 && !response.Content.Headers.ContentEncoding.Contains("identity"))
        {
            throw new McpUpstreamException($"failed to send message: unexpected content encoding {string.Join(", ", response.Content.Headers.ContentEncoding)}");
        }

        var body = await response.Content.ReadAsStreamAsync(cancellationToken);
        if (IsType(response, "text/event-stream"))
        {
            return UpstreamReply.Answered(new HttpMessageStream(response, body, (id, cancel) => ResumeAsync(call, id, cancel), _time));
        }

        if (!IsType(response, "application/json"))
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
        HttpResponseMessage response;
        using (request)
        {
            response = await _transport.SendAsync(request, cancellationToken);
        }

        if (response.IsSuccessStatusCode && IsType(response, "text/event-stream"))
        {
            return response;
        }

        response.Dispose();
        return null;
    }

    private async ValueTask<GatewayReply> RefusalAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        var headers = new List<KeyValuePair<string, StringValues>>();
        Add(headers, response.Headers.NonValidated);
        Add(headers, response.Content.Headers.NonValidated);
        byte[]? body;
        try
        {
            var stream = await response.Content.ReadAsStreamAsync(cancellationToken);
            body = await BoundedBody.ReadAsync(stream, response.Content.Headers.ContentLength, McpLimits.ErrorBodyBytes, cancellationToken);
        }
        catch (Exception error) when (error is IOException or HttpRequestException)
        {
            throw Failed(error);
        }

        return body is null
            ? throw new McpUpstreamException($"failed to send message: upstream answered {(int)response.StatusCode} with a body of more than {McpLimits.ErrorBodyBytes} bytes")
            : new GatewayReply
            {
                Status = (int)response.StatusCode,
                Reason = ResponseReason.Upstream,
                Body = body,
                ContentType = null,
                Headers = headers,
            };
    }

    private McpUpstreamException Failed(Exception error)
    {
        var reason = error switch
        {
            OperationCanceledException => "timed out",
            HttpRequestException { InnerException: SocketException socket } => socket.Message,
            _ => error.GetBaseException().Message,
        };
        return new McpUpstreamException($"failed to send message: upstream call failed: {reason} ({_target.Endpoint.Authority})", error);
    }

    private static void Add(List<KeyValuePair<string, StringValues>> headers, HttpHeadersNonValidated from)
    {
        foreach (var (name, values) in from)
        {
            if (!ForwardedHeaders.IsHopOfResponse(name))
            {
                headers.Add(new(name, values.ToArray()));
            }
        }
    }

    private static bool IsType(HttpResponseMessage response, string type) =>
        response.Content.Headers.ContentType?.MediaType is { } media && media.Equals(type, StringComparison.OrdinalIgnoreCase);
}
