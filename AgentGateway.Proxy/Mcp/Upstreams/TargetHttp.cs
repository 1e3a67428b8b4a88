using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using AgentGateway.Configuration.Snapshot;
using AgentGateway.Proxy.Backends.Forwarding;
using AgentGateway.Proxy.Backends.Transport;
using AgentGateway.Proxy.Mcp.Messages;
using AgentGateway.Proxy.Requests;
using AgentGateway.Proxy.Telemetry;
using Microsoft.Extensions.Primitives;

namespace AgentGateway.Proxy.Mcp.Upstreams;

/// <summary>
/// The HTTP requests of one session to one target: the target's address, the client's headers, the policies and retries of the route, and what is
/// passed on of a refusal.
/// </summary>
internal sealed class TargetHttp
{
    // Paths are sent as they were built: what is escaped in them must stay escaped.
    private static readonly UriCreationOptions AsBuilt = new() { DangerousDisablePathAndQueryCanonicalization = true };

    private readonly string _name;
    private readonly McpHttpConnections _connections;
    private readonly TargetAddress? _unixSocket;
    private readonly TimeProvider _time;

    // How the client's last request had the server called; messages that the gateway sends on its own go the same way.
    private BackendCall _call = BackendCall.Plain;

    public TargetHttp(McpNetworkTargetSnapshot target, McpHttpConnections connections, TimeProvider time)
    {
        _name = target.Name;
        _connections = connections;
        Endpoint = EndpointOf(target);
        _unixSocket = target.Backend is HostBackendSnapshot { Target: { UnixPath: not null } socket } ? socket : null;
        Address = _unixSocket?.ToString() ?? $"{Endpoint.Host}:{Endpoint.Port}";
        _time = time;
    }

    /// <summary>The target's endpoint; TLS by policy is not in its scheme.</summary>
    public Uri Endpoint { get; }

    /// <summary>Address of the server for logs.</summary>
    public string Address { get; }

    /// <summary>A request to the target with the headers of the client's request.</summary>
    /// <param name="method">HTTP method.</param>
    /// <param name="context">The client's request; null when the gateway acts on its own.</param>
    /// <param name="trace">Trace headers to send.</param>
    /// <param name="pathAndQuery">Path and query to call instead of the endpoint's, escaped as they are to be sent; begins with a slash.</param>
    public HttpRequestMessage Request(HttpMethod method, RequestContext? context, in UpstreamTrace trace, string? pathAndQuery = null)
    {
        _call = context?.Backend?.TargetCalls.GetValueOrDefault(_name) ?? _call;
        var isTls = _call.Transport.Tls is not null;
        var endpoint = isTls == (Endpoint.Scheme == Uri.UriSchemeHttps) ? Endpoint : WithScheme(Endpoint, isTls);
        var request = new HttpRequestMessage(method, pathAndQuery is null ? endpoint : new Uri(endpoint.GetLeftPart(UriPartial.Authority) + pathAndQuery, AsBuilt))
        {
            Version = _call.Transport.HttpVersion ?? (isTls ? HttpVersion.Version20 : HttpVersion.Version11),
            VersionPolicy = _call.Transport.HttpVersion is null ? HttpVersionPolicy.RequestVersionOrLower : HttpVersionPolicy.RequestVersionExact,
        };
        if (context is not null)
        {
            ForwardedHeaders.Copy(context.Http.Request.Headers, request.Headers);
        }

        ForwardedHeaders.SetTrace(request.Headers, trace);
        return request;
    }

    /// <summary>Sends a request as the route says: policies, time limit of an attempt, retries. A policy may answer in the server's place.</summary>
    /// <exception cref="McpUpstreamException">The server cannot be reached.</exception>
    public async ValueTask<(HttpResponseMessage? Response, GatewayReply? Refusal)> SendAsync(HttpRequestMessage request, RequestContext? context, CancellationToken cancellationToken)
    {
        var call = _call;
        using (request)
        {
            // Policies need a request of a client: what the gateway sends on its own behalf goes without them.
            if (context is not null && await CallPolicies.ApplyAsync(context, call.Policies, request) is { } refusal)
            {
                return (null, refusal);
            }

            var retry = context is { MayRetry: true } ? call.Retry : null;
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

    /// <summary>Status, headers and body of an answer, for the client.</summary>
    /// <exception cref="McpUpstreamException">The body is too large, or broke off.</exception>
    public async ValueTask<GatewayReply> RefusalAsync(HttpResponseMessage response, CancellationToken cancellationToken)
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

    /// <summary>What a client is told when the server cannot be reached or breaks off.</summary>
    public McpUpstreamException Failed(Exception error)
    {
        var reason = error switch
        {
            OperationCanceledException => "timed out",
            HttpRequestException { InnerException: SocketException socket } => socket.Message,
            _ => error.GetBaseException().Message,
        };
        return new McpUpstreamException($"failed to send message: upstream call failed: {reason} ({Address})", error);
    }

    /// <summary>True when the body is of a media type.</summary>
    public static bool IsType(HttpResponseMessage response, string type) =>
        response.Content.Headers.ContentType?.MediaType is { } media && media.Equals(type, StringComparison.OrdinalIgnoreCase);

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
    private static Uri EndpointOf(McpNetworkTargetSnapshot target) =>
        target.Backend is HostBackendSnapshot { Target: var address }
            ? new Uri($"http://{(address.UnixPath is null ? address.ToString() : "localhost")}{target.Endpoint.PathAndQuery}")
            : target.Endpoint;

    // The port stays: TLS by policy does not move the server.
    private static Uri WithScheme(Uri endpoint, bool isTls) =>
        new UriBuilder(endpoint) { Scheme = isTls ? Uri.UriSchemeHttps : Uri.UriSchemeHttp, Port = endpoint.Port }.Uri;

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
}
