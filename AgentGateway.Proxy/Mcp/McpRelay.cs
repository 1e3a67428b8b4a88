using AgentGateway.Proxy.Mcp.Messages;
using AgentGateway.Proxy.Mcp.Streaming;
using AgentGateway.Proxy.Requests;
using AgentGateway.Proxy.Telemetry;
using Microsoft.AspNetCore.Http;

namespace AgentGateway.Proxy.Mcp;

/// <summary>Relays the messages of an upstream stream to the client as server-sent events, one at a time and in order.</summary>
internal sealed class McpRelay(RequestContext context, MessageStream stream)
{
    // A quiet answer gets its response head after one second, so that clients with a time limit for it see that somebody is there.
    private static readonly TimeSpan HeadDelay = TimeSpan.FromSeconds(1);

    // Shorter than the idle limits of common intermediaries (60 s), and how a dead client is noticed.
    private static readonly TimeSpan KeepAlive = TimeSpan.FromSeconds(15);

    private bool _started;
    private GatewayReply? _replacement;

    /// <summary>The client's request; null for a stream that belongs to none.</summary>
    public JsonRpcMessage? Request { get; init; }

    public OutboundSpan? Span { get; init; }

    /// <summary>Identifier of a session that this response makes known.</summary>
    public string? SessionId { get; init; }

    /// <summary>Rewrites a message for the client; null leaves it.</summary>
    public Func<JsonRpcMessage, ReadOnlyMemory<byte>>? Rewrite { get; init; }

    /// <summary>Takes messages that the client must not get; true when it took one.</summary>
    public Func<JsonRpcMessage, ValueTask<bool>>? Intercept { get; init; }

    /// <summary>True when the answer was put together here, of what the client may see.</summary>
    public bool IsMerged { get; init; }

    /// <summary>True for clients of the revision without sessions: an unknown method is HTTP 404 there.</summary>
    public bool IsModern { get; init; }

    /// <summary>True answers with the one message as JSON instead of an event stream.</summary>
    public bool AsJson { get; init; }

    /// <summary>Relays until the request is answered or the stream ends. Returns a reply when nothing was written yet and the reply says it all.</summary>
    public async ValueTask<GatewayReply?> RunAsync(CancellationToken cancellationToken)
    {
        var record = context.Record;
        try
        {
            var unknown = false;
            while (await ReadAsync(cancellationToken))
            {
                var message = stream.Current;
                if (Intercept is not null && await Intercept(message))
                {
                    continue;
                }

                var isAnswer = message.Kind is JsonRpcKind.Response or JsonRpcKind.Error && Request is not null;
                if (isAnswer)
                {
                    message = IsMerged ? message : McpItemRules.For(context)?.Filter(Request!, message, record.McpTarget ?? "") ?? message;
                    McpFacts.Answered(record, Request!, message, Span);
                    Span?.End();
                }

                if (IsModern && !_started && message is { Kind: JsonRpcKind.Error, ErrorCode: JsonRpcText.MethodNotFound })
                {
                    return Json(404, message.Json);
                }

                if (AsJson)
                {
                    return Json(200, Rewrite is null ? message.Json : Rewrite(message));
                }

                unknown |= message.Kind == JsonRpcKind.Unknown;
                if (!await StartAsync())
                {
                    return _replacement;
                }

                record.ResponseBytes += SseFrame.Write(context.Http.Response.BodyWriter, (Rewrite is null ? message.Json : Rewrite(message)).Span);
                await context.Http.Response.BodyWriter.FlushAsync(cancellationToken);
                if (isAnswer)
                {
                    return null;
                }
            }

            if (_replacement is not null || Request is null)
            {
                await StartAsync();
                return _replacement;
            }

            // Something that is not understood may have been the answer (a batch); the client has it.
            return unknown ? null : await FailAsync("failed to send message: upstream closed the stream before it answered");
        }
        catch (McpUpstreamException error)
        {
            if (IsMerged && !_started)
            {
                McpFacts.Failed(record, Span, JsonRpcText.InternalError, error.Message);
                return McpReplies.Upstream(Request!, error);
            }

            return await FailAsync(error.Message);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested && !context.TimedOut)
        {
            if (Request is not null && !context.Aborted.IsCancellationRequested)
            {
                return await FailAsync("failed to send message: the gateway is shutting down");
            }

            // The client left, or its event stream ends with the session or the process.
            if (!context.Aborted.IsCancellationRequested)
            {
                await StartAsync();
            }

            return _replacement;
        }
        finally
        {
            Span?.End();
        }
    }

    // Waits for the next message; while it is not there, sends the head and then comments.
    private async ValueTask<bool> ReadAsync(CancellationToken cancellationToken)
    {
        var read = stream.ReadAsync(cancellationToken);
        if (read.IsCompleted || AsJson)
        {
            return await read;
        }

        // An event stream is open as soon as its head is there: clients wait for that.
        if (Request is null && !_started)
        {
            if (!await StartAsync())
            {
                return false;
            }

            await context.Http.Response.BodyWriter.FlushAsync(cancellationToken);
        }

        var pending = read.AsTask();
        while (true)
        {
            try
            {
                // Ends on cancellation too, because the read does.
                return await pending.WaitAsync(context.Http.Response.HasStarted ? KeepAlive : HeadDelay, context.Services.Time, CancellationToken.None);
            }
            catch (TimeoutException)
            {
                if (context.Http.Response.HasStarted)
                {
                    context.Record.ResponseBytes += SseFrame.WriteKeepAlive(context.Http.Response.BodyWriter);
                }
                else if (IsModern || IsMerged)
                {
                    // A client of the newer revision may still get 404 for an unknown method, and any the refusal of one of several targets.
                    continue;
                }
                else if (!await StartAsync())
                {
                    return false;
                }

                await context.Http.Response.BodyWriter.FlushAsync(cancellationToken);
            }
        }
    }

    // False when a response policy replaced the response.
    private async ValueTask<bool> StartAsync()
    {
        if (_started)
        {
            return _replacement is null;
        }

        _started = true;
        var response = context.Http.Response;
        response.StatusCode = StatusCodes.Status200OK;
        response.ContentType = "text/event-stream";
        response.Headers.CacheControl = "no-cache";
        response.Headers["x-accel-buffering"] = "no";
        if (SessionId is { } session)
        {
            response.Headers["mcp-session-id"] = session;
        }

        _replacement = await context.ResponseHeadReadyAsync();
        return _replacement is null;
    }

    private async ValueTask<GatewayReply?> FailAsync(string message)
    {
        McpFacts.Failed(context.Record, Span, JsonRpcText.InternalError, message);
        if (Request is null)
        {
            return null;
        }

        var json = JsonRpcText.Error(Request.Id, JsonRpcText.InternalError, message);
        if (AsJson)
        {
            return Json(500, json);
        }

        if (!await StartAsync())
        {
            return _replacement;
        }

        context.Record.ResponseBytes += SseFrame.Write(context.Http.Response.BodyWriter, json);
        await context.Http.Response.BodyWriter.FlushAsync(CancellationToken.None);
        return null;
    }

    private GatewayReply Json(int status, ReadOnlyMemory<byte> json) => new()
    {
        Status = status,
        Reason = context.Record.Reason,
        ContentType = "application/json",
        Body = json.ToArray(),
        Error = context.Record.Error,
    };
}
