using System.Net.Http.Headers;
using System.Text;
using AgentGateway.Configuration.Snapshot;
using AgentGateway.Proxy.Mcp.Messages;
using AgentGateway.Proxy.Mcp.Streaming;
using AgentGateway.Proxy.Requests;
using Microsoft.AspNetCore.Http;

namespace AgentGateway.Proxy.Mcp.Upstreams;

/// <summary>
/// A target that speaks the older HTTP transport (MCP 2024-11-05): one event stream from the server, whose first event names the endpoint that takes
/// the client's messages by POST; answers come on the stream.
/// </summary>
/// <remarks>
/// The stream is opened with the first message and lives as long as the session. The server's session is that stream, so it is not opened again when
/// it breaks: the session ends with it and the client gets 404, so that it initializes anew.
/// </remarks>
internal sealed class LegacySseUpstream : McpUpstream
{
    // Comments and unknown events before the endpoint.
    private const int MostEventsBefore = 64;

    private static readonly MediaTypeHeaderValue JsonType = new("application/json");

    private readonly TargetHttp _http;
    private readonly McpLog _log;
    private readonly TimeProvider _time;
    private readonly Action? _ended;
    private readonly SharedStream _stream;
    private readonly SemaphoreSlim _connecting = new(1, 1);
    private readonly CancellationTokenSource _closed = new();
    private Task _reading = Task.CompletedTask;
    private volatile string? _endpoint;
    private volatile bool _closing;

    /// <param name="target">The server.</param>
    /// <param name="connections">Connections to it.</param>
    /// <param name="log">Where its end is told.</param>
    /// <param name="time">Clock of the bounds.</param>
    /// <param name="ended">Called once when the server ends its stream without having been asked to.</param>
    public LegacySseUpstream(McpSseTargetSnapshot target, McpHttpConnections connections, McpLog log, TimeProvider time, Action? ended)
        : base(target)
    {
        _http = new TargetHttp(target, connections, time);
        _log = log;
        _time = time;
        _ended = ended;
        _stream = new SharedStream(target.Name, "SSE server", log, time, SendOwnAsync);
    }

    public override string Address => _http.Address;

    public override bool IsResumable => false;

    public override bool IsClosed => _stream.HasFailed;

    public override async ValueTask<UpstreamReply> SendAsync(UpstreamCall call, CancellationToken cancellationToken)
    {
        if (_endpoint is null && await ConnectAsync(call, cancellationToken) is { } refused)
        {
            return UpstreamReply.Refused(refused);
        }

        if (call.Message.Kind != JsonRpcKind.Request)
        {
            return Heed(await PostAsync(call, cancellationToken)) is { } failure ? UpstreamReply.Refused(failure) : UpstreamReply.Accepted;
        }

        var pending = _stream.Begin(call.Message);
        var keep = false;
        try
        {
            // Some servers answer the POST only when they are done; what comes on the stream until then is for the client.
            var post = PostAsync(call, cancellationToken).AsTask();
            if (await Task.WhenAny(post, pending.Begun) != post)
            {
                _ = FollowAsync(post, pending);
            }
            else if (Heed(await post) is { } failure)
            {
                return UpstreamReply.Refused(failure);
            }

            keep = true;
            return UpstreamReply.Answered(pending);
        }
        finally
        {
            if (!keep)
            {
                await pending.DisposeAsync();
            }
        }
    }

    public override ValueTask<UpstreamReply> OpenEventsAsync(RequestContext context, CancellationToken cancellationToken) =>
        new(UpstreamReply.Answered(_stream.Attach()));

    public override async ValueTask CloseAsync(RequestContext? context, bool endSession)
    {
        _closing = true;
        _stream.Fail(new McpUpstreamException("failed to send message: the session was closed"));
        await _closed.CancelAsync();

        // A connection that is being made sees the cancellation and gives up.
        await _connecting.WaitAsync(CancellationToken.None);
        _connecting.Release();
        await _reading;
    }

    // Null when there is a stream and an endpoint; else the server's refusal.
    private async ValueTask<GatewayReply?> ConnectAsync(UpstreamCall call, CancellationToken cancellationToken)
    {
        using var timeout = new CancellationTokenSource(McpLimits.EndpointTime, _time);
        using var end = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _closed.Token, timeout.Token);
        await _connecting.WaitAsync(cancellationToken);
        HttpResponseMessage? response = null;
        SseReader? reader = null;
        try
        {
            if (_endpoint is not null)
            {
                return null;
            }

            var request = _http.Request(HttpMethod.Get, call.Context, call.Trace);
            request.Headers.TryAddWithoutValidation("accept", "text/event-stream");
            (response, var refusal) = await _http.SendAsync(request, call.Context, end.Token);
            if (response is null || !response.IsSuccessStatusCode)
            {
                return refusal ?? await _http.RefusalAsync(response!, end.Token);
            }

            if (!TargetHttp.IsType(response, "text/event-stream"))
            {
                throw new McpUpstreamException($"failed to send message: unexpected content type {response.Content.Headers.ContentType?.ToString() ?? "(none)"}; the SSE server gave no event stream");
            }

            reader = new SseReader(await response.Content.ReadAsStreamAsync(end.Token), McpLimits.UpstreamMessageBytes);
            var text = await EndpointAsync(reader, end.Token);
            var endpoint = LegacySseEndpoint.Resolve(request.RequestUri!, request.Headers.Host, text)
                ?? throw new McpUpstreamException("failed to send message: SSE server named an endpoint that is not on the same server");
            _reading = ReadAsync(response, reader);
            (response, reader) = (null, null);
            _endpoint = endpoint;
            return null;
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new McpUpstreamException(_closed.IsCancellationRequested
                ? "failed to send message: the session was closed"
                : $"failed to send message: SSE server named no endpoint within {McpLimits.EndpointTime.TotalSeconds:0} s");
        }
        catch (Exception error) when (error is IOException or HttpRequestException)
        {
            throw _http.Failed(error);
        }
        finally
        {
            reader?.Dispose();
            response?.Dispose();
            _connecting.Release();
        }
    }

    private static async ValueTask<string> EndpointAsync(SseReader reader, CancellationToken cancellationToken)
    {
        try
        {
            for (var i = 0; i < MostEventsBefore && await reader.ReadAsync(cancellationToken); i++)
            {
                if (reader.EventType == "endpoint")
                {
                    return Encoding.UTF8.GetString(reader.Data.Span);
                }
            }
        }
        catch (InvalidDataException error)
        {
            throw new McpUpstreamException($"failed to send message: SSE server sent too much: {error.Message}", error);
        }

        throw new McpUpstreamException("failed to send message: SSE server named no endpoint");
    }

    // No refusal when the server took the message.
    private async ValueTask<Posted> PostAsync(UpstreamCall call, CancellationToken cancellationToken)
    {
        using var end = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _closed.Token);
        var request = _http.Request(HttpMethod.Post, call.Context, call.Trace, _endpoint);
        request.Content = new ReadOnlyMemoryContent(call.Json) { Headers = { ContentType = JsonType } };
        if ((call.ProtocolVersion ?? call.Context?.Http.Request.Headers["mcp-protocol-version"].ToString()) is { Length: > 0 } version)
        {
            request.Headers.TryAddWithoutValidation("mcp-protocol-version", version);
        }

        try
        {
            var (response, refusal) = await _http.SendAsync(request, call.Context, end.Token);
            using (response)
            {
                if (response is null || response.IsSuccessStatusCode)
                {
                    return new Posted(refusal, HasForgotten: false);
                }

                var hasForgotten = (int)response.StatusCode == StatusCodes.Status404NotFound;
                try
                {
                    return new Posted(await _http.RefusalAsync(response, end.Token), hasForgotten);
                }
                catch (McpUpstreamException) when (hasForgotten)
                {
                    // Too long, or broken off: the status says enough.
                    return new Posted(McpReplies.Text(StatusCodes.Status404NotFound, "session not found"), HasForgotten: true);
                }
            }
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new McpUpstreamException("failed to send message: the session was closed");
        }
    }

    // The loss of the session ends every call under way, so it is told only when the outcome of the POST is in hand: what the server answered to a
    // call is then its answer, and not sometimes the end of the session.
    private GatewayReply? Heed(Posted posted)
    {
        if (posted.HasForgotten)
        {
            Lost("no longer knows its session");
        }

        return posted.Refusal;
    }

    private async Task FollowAsync(Task<Posted> post, PendingCall pending)
    {
        try
        {
            if (Heed(await post) is { } refusal)
            {
                pending.Fail(new McpUpstreamException($"failed to send message: upstream answered {refusal.Status}"));
            }
        }
        catch (McpUpstreamException error)
        {
            pending.Fail(error);
        }
        catch (OperationCanceledException)
        {
            // The client left.
            pending.Complete();
        }
    }

    // The gateway's own refusal of a request that no client saw.
    private async ValueTask SendOwnAsync(byte[] json)
    {
        using var deadline = new CancellationTokenSource(McpLimits.CloseTime, _time);
        try
        {
            Heed(await PostAsync(new UpstreamCall { Message = JsonRpcText.Own(json), Json = json }, deadline.Token));
        }
        catch (OperationCanceledException error)
        {
            throw new McpUpstreamException("failed to send message: upstream call failed: timed out", error);
        }
    }

    private async Task ReadAsync(HttpResponseMessage response, SseReader reader)
    {
        var ending = "closed its stream";
        try
        {
            while (await reader.ReadAsync(_closed.Token))
            {
                if (reader.EventType is null or "message" && !reader.Data.Span.Trim(" \t\r\n"u8).IsEmpty)
                {
                    await _stream.TakeAsync(reader.Data);
                }
            }
        }
        catch (InvalidDataException)
        {
            ending = $"sent a message of more than {McpLimits.UpstreamMessageBytes} bytes";
        }
        catch (Exception error) when (error is IOException or HttpRequestException or OperationCanceledException or ObjectDisposedException)
        {
            ending = "broke off its stream";
        }

        reader.Dispose();
        response.Dispose();
        Lost(ending);
        _stream.Close();
    }

    private void Lost(string ending)
    {
        if (_closing || _stream.HasFailed)
        {
            return;
        }

        _log.Lost(Target.Name, ending, _stream.Count);
        _stream.Fail(new McpUpstreamException($"failed to send message: SSE server {ending}"));
        _ended?.Invoke();
    }

    /// <summary>Outcome of a POST.</summary>
    /// <param name="Refusal">What the server, or a policy in its place, answered instead of taking the message; else null.</param>
    /// <param name="HasForgotten">The server does not know its session any more.</param>
    private readonly record struct Posted(GatewayReply? Refusal, bool HasForgotten);
}
