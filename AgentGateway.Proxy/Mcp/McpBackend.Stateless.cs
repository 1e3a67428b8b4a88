using AgentGateway.Configuration.Snapshot;
using AgentGateway.Proxy.Hosting;
using AgentGateway.Proxy.Mcp.Messages;
using AgentGateway.Proxy.Mcp.Upstreams;
using AgentGateway.Proxy.Requests;
using AgentGateway.Proxy.Telemetry;

namespace AgentGateway.Proxy.Mcp;

// Clients without a session (specification 2.3, first part): every request connects, does the handshake, asks, and disconnects.
internal sealed partial class McpBackend
{
    private async ValueTask<GatewayReply?> PostStatelessAsync(RequestContext context, JsonRpcMessage message, string? version)
    {
        // The handshake of the connection says it already.
        if (message.Method == McpMethods.Initialized)
        {
            return Accepted();
        }

        var edits = new JsonEdits();
        McpRoute route;
        if (_several && message.Kind != JsonRpcKind.Request)
        {
            if (message.Kind == JsonRpcKind.Notification)
            {
                return await NotifySeveralStatelessAsync(context, message, version);
            }

            if (OwnerOfAnswer(message, edits) is not { } owner)
            {
                return UnknownAnswer();
            }

            route = new McpRoute(Array.IndexOf(_targets, owner), null);
        }
        else
        {
            if (_several && message.Method == McpMethods.Initialize)
            {
                return await InitializeSeveralAsync(context, message, isStateful: false);
            }

            if (_several && IsForAll(message))
            {
                return await FanOutAsync(context, message, null, version);
            }

            route = await RouteAsync(context, message, null, version);
            if (route.Refusal is not null)
            {
                return route.Refusal;
            }

            edits = route.Edits(message);
        }

        var (target, name) = (_targets[route.Target], route.Name);
        if (McpItemRules.Refuse(context, message, target.Name, name) is { } denied)
        {
            return denied;
        }

        if (message.Kind != JsonRpcKind.Request && target is McpStdioTargetSnapshot)
        {
            // A process that is started for a notice and ended behind it could do nothing with it.
            return Accepted();
        }

        var method = message.Method ?? "response";
        if (message.Kind == JsonRpcKind.Request)
        {
            McpFacts.Describe(context.Record, message, target.Name, name);
        }
        else
        {
            context.Record.McpTarget = target.Name;
        }

        using var span = new SpanScope(McpFacts.StartSpan(context.Record, method, target.Name, McpFacts.SpanName(message, name)));
        McpUpstream? upstream = null;
        try
        {
            upstream = Connect(target);
            if (message.Method != McpMethods.Initialize && await HandshakeAsync(context, upstream, version ?? McpVersions.NewestLegacy, span.Span) is { Refusal: { } failure })
            {
                span.Fail($"upstream answered {failure.Status}");
                return failure;
            }

            var reply = await SendAsync(context, upstream, message, edits, name, span.Span, null, context.Aborted);
            if (reply.Failure is not null)
            {
                span.Fail($"upstream answered {reply.Failure.Status}");
                return reply.Failure;
            }

            if (reply.Messages is not { } messages)
            {
                return message.Kind == JsonRpcKind.Request
                    ? throw new McpUpstreamException("failed to send message: upstream accepted the request without an answer")
                    : Accepted();
            }

            await using (messages)
            {
                return await new McpRelay(context, messages) { Request = message, Span = span.Span, Rewrite = Prefixing(message.Method, target.Name) }.RunAsync(context.Aborted);
            }
        }
        catch (McpUpstreamException error)
        {
            McpFacts.Failed(context.Record, span.Span, JsonRpcText.InternalError, error.Message);
            return McpReplies.Upstream(message, error);
        }
        finally
        {
            if (upstream is not null)
            {
                await DisconnectAsync(context, upstream);
            }
        }
    }

    // The client has its answer and need not wait for the end of a process or of an upstream session.
    private async ValueTask DisconnectAsync(RequestContext context, McpUpstream upstream)
    {
        if (upstream is StdioUpstream)
        {
            _sessions.Track(upstream.CloseAsync(null, endSession: true).AsTask());
            return;
        }

        if (context.Http.Response.HasStarted && !context.Aborted.IsCancellationRequested)
        {
            await context.Http.Response.CompleteAsync();
        }

        await upstream.CloseAsync(context, endSession: true);
    }

    /// <summary>The gateway's own <c>initialize</c> and <c>notifications/initialized</c>. A refusal is the upstream's, for the client.</summary>
    private async ValueTask<Handshake> HandshakeAsync(
        RequestContext context, McpUpstream upstream, string version, OutboundSpan? span, CancellationToken ending = default)
    {
        using var timeout = new CancellationTokenSource(McpLimits.InitializeTime, Time);
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(context.Aborted, ending, timeout.Token);
        try
        {
            var initialize = JsonRpcText.Own(JsonRpcText.Initialize(version, BuildInformation.Version));
            var reply = await SendAsync(context, upstream, initialize, new JsonEdits(), null, span, version, deadline.Token);
            if (reply.Failure is not null)
            {
                return new Handshake(reply.Failure, null, default);
            }

            if (reply.Messages is not { } messages)
            {
                throw new McpUpstreamException("failed to send message: upstream did not answer initialize");
            }

            await using (messages)
            {
                while (await messages.ReadAsync(deadline.Token))
                {
                    var answer = messages.Current;
                    if (answer.Kind == JsonRpcKind.Error)
                    {
                        return new Handshake(null, $"{answer.ErrorCode}: {answer.ErrorMessage}", default);
                    }

                    if (answer.Kind == JsonRpcKind.Response)
                    {
                        var result = answer.Result.Of(answer.Json).ToArray();
                        var negotiated = ResultText.ProtocolVersion(result) ?? version;
                        var initialized = JsonRpcText.Own(JsonRpcText.Initialized());
                        var noticed = await SendAsync(context, upstream, initialized, new JsonEdits(), null, span, negotiated, deadline.Token);
                        return new Handshake(noticed.Failure, null, result) { Version = negotiated };
                    }
                }
            }

            throw new McpUpstreamException("failed to send message: upstream did not answer initialize");
        }
        catch (OperationCanceledException) when (!context.Aborted.IsCancellationRequested && !ending.IsCancellationRequested)
        {
            throw new McpUpstreamException("failed to send message: upstream did not answer initialize in time");
        }
    }

    /// <summary>Outcome of a handshake.</summary>
    /// <param name="Refusal">HTTP answer of an upstream that refused, or null.</param>
    /// <param name="Error">JSON-RPC error of an upstream that knows no <c>initialize</c>, or null.</param>
    /// <param name="Result">The upstream's <c>initialize</c> result.</param>
    private readonly record struct Handshake(GatewayReply? Refusal, string? Error, ReadOnlyMemory<byte> Result)
    {
        /// <summary>Revision that both sides speak.</summary>
        public string? Version { get; init; }
    }
}
