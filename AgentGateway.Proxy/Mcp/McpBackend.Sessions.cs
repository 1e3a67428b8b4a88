using AgentGateway.Configuration.Snapshot;
using AgentGateway.Proxy.Mcp.Messages;
using AgentGateway.Proxy.Mcp.Sessions;
using AgentGateway.Proxy.Mcp.Streaming;
using AgentGateway.Proxy.Mcp.Upstreams;
using AgentGateway.Proxy.Requests;
using AgentGateway.Proxy.Telemetry;
using Microsoft.AspNetCore.Http;

namespace AgentGateway.Proxy.Mcp;

// Clients with a session (specification 2.2).
internal sealed partial class McpBackend
{
    // Notices that may come before the answer to initialize.
    private const int MessagesBeforeInitialized = 64;

    private async ValueTask<GatewayReply?> PostToSessionAsync(RequestContext context, JsonRpcMessage message)
    {
        if (message.Method == McpMethods.Initialize && message.Kind == JsonRpcKind.Request)
        {
            return await InitializeAsync(context, message);
        }

        if (!context.Http.Request.Headers.TryGetValue("mcp-session-id", out var header))
        {
            return McpReplies.Text(400, "session header is required for non-initialize requests");
        }

        if (FindSession(header.ToString(), out var refusal) is not { } session)
        {
            return refusal;
        }

        context.Record.McpSessionId = session.Id;
        if (!session.TryEnter())
        {
            return TooManyRequests(message);
        }

        try
        {
            return message.Kind == JsonRpcKind.Request
                ? await CallAsync(context, session, message)
                : await NotifyAsync(context, session, message);
        }
        finally
        {
            session.Leave();
        }
    }

    private McpSession? FindSession(string id, out GatewayReply? refusal)
    {
        refusal = null;
        if (id.Length > McpLimits.SessionIdCharacters || id.AsSpan().IndexOfAnyExceptInRange('!', '~') >= 0)
        {
            refusal = McpReplies.Text(400, "invalid session ID header");
            return null;
        }

        if (_sessions.TryGet(id, out var session))
        {
            if (!session.IsDead)
            {
                return session;
            }
        }
        else if (Resume(id) is { } resumed)
        {
            return resumed;
        }

        refusal = McpReplies.Text(404, "session not found");
        return null;
    }

    /// <summary>Makes the session of an identifier from before a restart, or from another replica; null when it tells nothing or not this backend.</summary>
    private McpSession? Resume(string id)
    {
        if (!_isResumable || _sessions.Count >= McpLimits.Sessions || _sessions.WasDeleted(id) || _codec.Decode(id) is not { } state)
        {
            return null;
        }

        if (state.Targets.Count == 0 || state.Targets.Count + state.LeftOut.Count != _targets.Length || (state.Backend is not null && state.Backend != _digest))
        {
            return null;
        }

        // The same targets in the same order, save those that were left out when the session began.
        var upstreams = new McpUpstream[state.Targets.Count];
        var next = 0;
        foreach (var target in _targets)
        {
            if (state.LeftOut.Contains(target.Name, StringComparer.Ordinal))
            {
                continue;
            }

            if (next == upstreams.Length || !string.Equals(state.Targets[next].Target, target.Name, StringComparison.Ordinal))
            {
                return null;
            }

            upstreams[next] = Connect(target, state.Targets[next].UpstreamSession);
            next++;
        }

        return next == upstreams.Length ? _sessions.Add(new McpSession(upstreams, Time) { Id = id }) : null;
    }

    private ValueTask<GatewayReply?> InitializeAsync(RequestContext context, JsonRpcMessage message)
    {
        if (_retired.IsCancellationRequested || _services.Stopping.IsCancellationRequested)
        {
            return new(McpReplies.Text(503, "the gateway is shutting down"));
        }

        if (_sessions.Count >= (_hasStdio ? McpLimits.StdioSessions : McpLimits.Sessions))
        {
            return new(McpReplies.Text(503, "too many sessions"));
        }

        return _several ? InitializeSeveralAsync(context, message, isStateful: true) : InitializeOneAsync(context, message);
    }

    private async ValueTask<GatewayReply?> InitializeOneAsync(RequestContext context, JsonRpcMessage message)
    {
        var target = _targets[0];
        McpFacts.Describe(context.Record, message, target.Name, null);
        using var span = new SpanScope(McpFacts.StartSpan(context.Record, message.Method!, target.Name, null));
        McpSession? session = null;
        using var timeout = new CancellationTokenSource(McpLimits.InitializeTime, Time);
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(context.Aborted, timeout.Token);
        try
        {
            McpSession? made = null;
            var upstream = Connect(target, ended: () =>
            {
                if (Volatile.Read(ref made) is { Id.Length: > 0 } dead)
                {
                    _sessions.End(dead, "lost its server", endUpstreamSessions: true);
                }
            });
            session = new McpSession([upstream], Time);
            Volatile.Write(ref made, session);
            var reply = await SendAsync(context, upstream, message, new JsonEdits(), null, span.Span, null, deadline.Token);
            if (reply.Failure is not null)
            {
                span.Fail($"upstream answered {reply.Failure.Status}");
                return reply.Failure;
            }

            if (reply.Messages is not { } messages)
            {
                throw new McpUpstreamException("failed to send message: upstream did not answer initialize");
            }

            await using (messages)
            {
                var answered = await AnswerInitializeAsync(context, session, message, messages, span.Span, deadline.Token);
                if (session.Id.Length > 0)
                {
                    // It is the store's now.
                    session = null;
                }

                return answered;
            }
        }
        catch (McpUpstreamException error)
        {
            McpFacts.Failed(context.Record, span.Span, JsonRpcText.InternalError, error.Message);
            return McpReplies.Upstream(message, target is McpStdioTargetSnapshot stdio && !error.IsStartFailure ? NotStarted(stdio, error) : error);
        }
        catch (OperationCanceledException) when (!context.Aborted.IsCancellationRequested)
        {
            span.Fail("timed out");
            return GatewayReply.Failure(504, ResponseReason.Timeout, "upstream call timeout");
        }
        finally
        {
            if (session is not null)
            {
                await session.CloseAsync(null, endUpstreamSessions: true);
            }
        }
    }

    // The answer is known before the response begins: only a client whose initialize succeeded gets a session.
    private async ValueTask<GatewayReply?> AnswerInitializeAsync(
        RequestContext context, McpSession session, JsonRpcMessage message, MessageStream messages, OutboundSpan? span, CancellationToken cancellationToken)
    {
        var before = new List<byte[]>();
        while (await messages.ReadAsync(cancellationToken))
        {
            var current = messages.Current;
            before.Add(current.Json.ToArray());
            if (current.Kind is not (JsonRpcKind.Response or JsonRpcKind.Error))
            {
                if (before.Count > MessagesBeforeInitialized)
                {
                    throw new McpUpstreamException("failed to send message: upstream sent too many messages before it answered initialize");
                }

                continue;
            }

            McpFacts.Answered(context.Record, message, current, span);
            var id = current.Kind == JsonRpcKind.Response ? Register(context, session, []) : null;
            return await new McpRelay(context, new BufferedMessageStream(before)) { Request = message, SessionId = id }.RunAsync(context.Aborted);
        }

        throw new McpUpstreamException("failed to send message: upstream did not answer initialize");
    }

    // Makes the session known and returns its identifier.
    private string Register(RequestContext context, McpSession session, IReadOnlyList<string> leftOut)
    {
        var id = session.IsResumable
            ? _codec.Encode(new SessionState(Array.ConvertAll(session.Upstreams, static upstream => (upstream.Target.Name, upstream.SessionId)), _digest) { LeftOut = leftOut })
            : null;

        // Identifiers of many targets can be longer than clients must be able to send back.
        session.Id = id is { Length: <= McpLimits.SessionIdCharacters } ? id : Guid.NewGuid().ToString();
        _sessions.Add(session);
        context.Record.McpSessionId = session.Id;
        if (HasLostAServer(session))
        {
            _sessions.End(session, "lost its server", endUpstreamSessions: true);
        }

        return session.Id;
    }

    // With failOpen a session lives as long as one of its servers.
    private bool HasLostAServer(McpSession session) => _snapshot.FailOpen ? session.IsDead : Array.Exists(session.Upstreams, static upstream => upstream.IsClosed);

    private static McpUpstreamException NotStarted(McpStdioTargetSnapshot target, McpUpstreamException error) =>
        new($"failed to start stdio server: {target.Command}: {error.Message.Replace("failed to send message: ", "", StringComparison.Ordinal)} before it answered initialize", error)
        {
            IsStartFailure = true,
        };

    private async ValueTask<GatewayReply?> CallAsync(RequestContext context, McpSession session, JsonRpcMessage message)
    {
        if (_several && IsForAll(message))
        {
            return await FanOutAsync(context, message, session, null);
        }

        var route = await RouteAsync(context, message, session, null);
        if (route.Refusal is not null)
        {
            return route.Refusal;
        }

        var (target, name) = (_targets[route.Target].Name, route.Name);
        if (McpItemRules.Refuse(context, message, target, name) is { } denied)
        {
            return denied;
        }

        McpFacts.Describe(context.Record, message, target, name);
        using var span = new SpanScope(McpFacts.StartSpan(context.Record, message.Method!, target, McpFacts.SpanName(message, name)));
        try
        {
            var upstream = session.Find(_targets[route.Target])
                ?? throw new McpUpstreamException($"failed to send message: target {target} could not be set up in this session");
            var reply = await SendAsync(context, upstream, message, route.Edits(message), name, span.Span, null, context.Aborted);
            if (reply.Messages is { } messages)
            {
                await using (messages)
                {
                    return await new McpRelay(context, messages) { Request = message, Span = span.Span, Rewrite = Prefixing(message.Method, target) }.RunAsync(context.Aborted);
                }
            }

            return Refused(session, upstream, reply, span) ?? throw new McpUpstreamException("failed to send message: upstream accepted the request without an answer");
        }
        catch (McpUpstreamException error)
        {
            McpFacts.Failed(context.Record, span.Span, JsonRpcText.InternalError, error.Message);
            return session.IsDead ? McpReplies.Text(404, "session not found") : McpReplies.Upstream(message, error);
        }
    }

    private async ValueTask<GatewayReply?> NotifyAsync(RequestContext context, McpSession session, JsonRpcMessage message)
    {
        var edits = new JsonEdits();
        var upstream = session.Upstreams[0];
        if (_several)
        {
            if (message.Kind == JsonRpcKind.Notification)
            {
                return await NotifySeveralAsync(context, session, message);
            }

            if (OwnerOfAnswer(message, edits) is not { } owner || session.Find(owner) is not { } asked)
            {
                return UnknownAnswer();
            }

            upstream = asked;
        }

        context.Record.McpTarget = upstream.Target.Name;
        using var span = new SpanScope(McpFacts.StartSpan(context.Record, message.Method ?? "response", upstream.Target.Name, null));
        try
        {
            var reply = await SendAsync(context, upstream, message, edits, null, span.Span, null, context.Aborted);
            return Refused(session, upstream, reply, span) ?? Accepted();
        }
        catch (McpUpstreamException error)
        {
            McpFacts.Failed(context.Record, span.Span, JsonRpcText.InternalError, error.Message);
            return session.IsDead ? McpReplies.Text(404, "session not found") : McpReplies.Text(500, error.Message);
        }
    }

    // Null when the upstream did not refuse. 404 to a message with a session says that the session is over: the client's is too, so that it
    // initializes anew. (404 to GET can just mean that the server has no such route.)
    private GatewayReply? Refused(McpSession session, McpUpstream upstream, UpstreamReply reply, SpanScope span)
    {
        if (reply.Failure is not { } failure)
        {
            return null;
        }

        span.Fail($"upstream answered {failure.Status}");
        EndIfLost(session, upstream, failure);
        return failure;
    }

    private void EndIfLost(McpSession session, McpUpstream upstream, GatewayReply failure)
    {
        if (failure.Status == StatusCodes.Status404NotFound && upstream.SessionId is not null)
        {
            _sessions.RememberDeleted(session.Id);
            _sessions.End(session, "ended at its upstream", endUpstreamSessions: session.Upstreams.Length > 1);
        }
    }

    private async ValueTask<GatewayReply?> OpenEventsAsync(RequestContext context)
    {
        var request = context.Http.Request;
        if (!McpRequestChecks.Accepts(request.Headers.Accept, "text/event-stream"))
        {
            return McpReplies.Text(406, "client must accept text/event-stream");
        }

        if (!request.Headers.TryGetValue("mcp-session-id", out var header))
        {
            return McpReplies.Text(400, "session ID is required");
        }

        if (FindSession(header.ToString(), out var refusal) is not { } session)
        {
            return refusal;
        }

        context.Record.McpSessionId = session.Id;
        if (!session.TryEnter())
        {
            return TooManyRequests(new JsonRpcMessage());
        }

        try
        {
            return _several ? await OpenSeveralEventsAsync(context, session) : await OpenOneEventsAsync(context, session);
        }
        finally
        {
            session.Leave();
        }
    }

    private async ValueTask<GatewayReply?> OpenOneEventsAsync(RequestContext context, McpSession session)
    {
        var upstream = session.Upstreams[0];
        context.Record.McpTarget = upstream.Target.Name;
        using var span = new SpanScope(McpFacts.StartSpan(context.Record, "GET", upstream.Target.Name, null));
        using var end = CancellationTokenSource.CreateLinkedTokenSource(context.Aborted, session.Ending, _retired.Token, _services.Stopping);
        try
        {
            var reply = await upstream.OpenEventsAsync(context, end.Token);
            if (reply.Failure is { Status: StatusCodes.Status405MethodNotAllowed })
            {
                return McpReplies.Text(405, "GET event stream is not supported by any upstream");
            }

            if (reply.Failure is { } failure)
            {
                span.Fail($"upstream answered {failure.Status}");
                return failure;
            }

            await using var messages = reply.Messages!;
            return await new McpRelay(context, messages) { Span = span.Span, Rewrite = Prefixing(null, upstream.Target.Name) }.RunAsync(end.Token);
        }
        catch (McpUpstreamException error)
        {
            span.Fail(error.Message);
            return McpReplies.Text(500, error.Message);
        }
        catch (OperationCanceledException) when (!context.Aborted.IsCancellationRequested)
        {
            return McpReplies.Text(404, "session not found");
        }
    }

    private async ValueTask<GatewayReply?> DeleteAsync(RequestContext context)
    {
        if (!context.Http.Request.Headers.TryGetValue("mcp-session-id", out var header))
        {
            return McpReplies.Text(400, "session ID is required");
        }

        // An unknown identifier that tells its upstream sessions ends them too; any other is over already.
        if (FindSession(header.ToString(), out var refusal) is not { } session)
        {
            return refusal is { Status: StatusCodes.Status400BadRequest } ? refusal : Accepted();
        }

        context.Record.McpSessionId = session.Id;
        context.Record.McpTarget = _several ? null : session.Upstreams[0].Target.Name;
        _sessions.RememberDeleted(session.Id);
        if (_sessions.Remove(session.Id, out var removed))
        {
            var spans = Array.ConvertAll(removed.Upstreams, upstream => McpFacts.StartSpan(context.Record, "DELETE", upstream.Target.Name, null));
            await removed.CloseAsync(context, endUpstreamSessions: true);
            foreach (var span in spans)
            {
                span?.End();
            }

            _log.SessionEnded(Name, "deleted", (long)Time.GetElapsedTime(removed.Started).TotalSeconds);
        }

        return Accepted();
    }

    private static GatewayReply TooManyRequests(JsonRpcMessage message) =>
        McpReplies.Rpc(503, message, JsonRpcText.InternalError, $"more than {McpLimits.PendingRequests} requests are under way in this session");

    private static GatewayReply Accepted() => new() { Status = StatusCodes.Status202Accepted, Reason = ResponseReason.Upstream };
}
