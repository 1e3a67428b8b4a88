using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using AgentGateway.Configuration.Snapshot;
using AgentGateway.Proxy.Backends.Forwarding;
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
    private readonly McpHttpConnections _connections;
    private readonly Uri _endpoint;
    private readonly TargetAddress? _unixSocket;
    private readonly TimeProvider _time;
    private string? _version;

    // How the client's last request had the server called; messages that the gateway sends on its own go the same way.
    private BackendCall _call = BackendCall.Plain;

    public HttpUpstream(McpHttpTargetSnapshot target, McpHttpConnections connections, TimeProvider time, string? sessionId = null)
        : base(target)
    {
        _target = target;
        _connections = connections;
        _endpoint = EndpointOf(target);
        _unixSocket = target.Backend is HostBackendSnapshot { Target: { UnixPath: not null } socket } ? socket : null;
        Address = _unixSocket?.ToString() ?? $"{_endpoint.Host}:{_endpoint.Port}";
        _time = time;
        SessionId = sessionId;
    }

    /// <summary>Address of the server for logs.</summary>
    public string Address { get; }

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

        var (sent, refusal) = await SendAsync(request, call.Context, cancellationToken);
        if (sent is null)
        {
            return UpstreamReply.Refused(refusal!);
        }

        var response = sent;
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
        var (sent, refusal) = await SendAsync(request, context, cancellationToken);
        if (sent is not { } response)
        {
            return UpstreamReply.Refused(refusal!);
        }

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
            var (response, _) = await SendAsync(Request(HttpMethod.Delete, context, trace, null), context, deadline.Token);
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
        var (response, refusal) = await SendAsync(request, context, cancellationToken);
        using (response)
        {
            return response is null ? refusal! : await RefusalAsync(response, cancellationToken);
        }
    }

    private HttpRequestMessage Request(HttpMethod method, RequestContext? context, in UpstreamTrace trace, string? version)
    {
        _call = context?.Backend?.TargetCalls.GetValueOrDefault(_target.Name) ?? _call;
        var isTls = _call.Transport.Tls is not null;
        var request = new HttpRequestMessage(method, isTls == (_endpoint.Scheme == Uri.UriSchemeHttps) ? _endpoint : WithScheme(_endpoint, isTls))
        {
            Version = _call.Transport.HttpVersion ?? (isTls ? HttpVersion.Version20 : HttpVersion.Version11),
            VersionPolicy = _call.Transport.HttpVersion is null ? HttpVersionPolicy.RequestVersionOrLower : HttpVersionPolicy.RequestVersionExact,
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

    private async ValueTask<(HttpResponseMessage? Response, GatewayReply? Refusal)> SendAsync(HttpRequestMessage request, RequestContext? context, CancellationToken cancellationToken)
    {
        var call = _call;
        using (request)
        {
            // Policies need a request of a client: what the gateway sends on its own behalf goes without them.
            if (context is not null && await MessagePolicies.ApplyAsync(context, call.Policies, request) is { } refusal)
            {
                return (null, refusal);
            }

            var retry = call.Retry is { } configured && context is not null && (configured.Precondition?.Invoke(context) ?? true) ? configured : null;
            for (var attempt = 0; ; attempt++)
            {
                var isLast = retry is null || attempt >= retry.Attempts;
                try
                {
                    var response = await SendOnceAsync(call, attempt == 0 ? request : CopyOf(request), cancellationToken);
                    if (isLast || !retry!.Codes.Contains((int)response.StatusCode))
                    {
                        return (response, null);
                    }

                    response.Dispose();
                }
                catch (HttpRequestException error) when (!isLast && error.HttpRequestError is HttpRequestError.ConnectionError or HttpRequestError.NameResolutionError)
                {
                    // Nothing was sent: the next attempt is as good as this one.
                }
                catch (Exception error) when (error is HttpRequestException or IOException or ObjectDisposedException || (error is OperationCanceledException && !cancellationToken.IsCancellationRequested))
                {
                    throw Failed(error);
                }

                await Task.Delay(retry!.Backoff, _time, cancellationToken);
                context!.Record.RetryAttempt = attempt + 1;
            }
        }
    }

    private async ValueTask<HttpResponseMessage> SendOnceAsync(BackendCall call, HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var pool = _connections.For(call.Transport, _unixSocket);
        if (call.AttemptTimeout is not { } limit)
        {
            return await pool.SendAsync(request, cancellationToken);
        }

        using var own = new CancellationTokenSource(limit, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(own.Token, cancellationToken);
        return await pool.SendAsync(request, either.Token);
    }

    // A message can be sent once only; content in memory can be sent again.
    private static HttpRequestMessage CopyOf(HttpRequestMessage request)
    {
        var copy = new HttpRequestMessage(request.Method, request.RequestUri) { Version = request.Version, VersionPolicy = request.VersionPolicy, Content = request.Content };
        foreach (var (name, values) in request.Headers.NonValidated)
        {
            copy.Headers.TryAddWithoutValidation(name, values);
        }

        return copy;
    }

    // With a named backend the endpoint only says the path.
    private static Uri EndpointOf(McpHttpTargetSnapshot target) =>
        target.Backend is HostBackendSnapshot { Target: var address }
            ? new Uri($"http://{(address.UnixPath is null ? address.ToString() : "localhost")}{target.Endpoint.PathAndQuery}")
            : target.Endpoint;

    // The port stays: TLS by policy does not move the server.
    private static Uri WithScheme(Uri endpoint, bool isTls) =>
        new UriBuilder(endpoint) { Scheme = isTls ? Uri.UriSchemeHttps : Uri.UriSchemeHttp, Port = endpoint.Port }.Uri;

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
        var (sent, _) = await SendAsync(request, call.Context, cancellationToken);
        if (sent is not { } response)
        {
            return null;
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
        return new McpUpstreamException($"failed to send message: upstream call failed: {reason} ({Address})", error);
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
