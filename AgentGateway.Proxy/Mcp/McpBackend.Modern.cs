using System.Collections.Concurrent;
using AgentGateway.Configuration.Snapshot;
using AgentGateway.Proxy.Mcp.Messages;
using AgentGateway.Proxy.Mcp.Upstreams;
using AgentGateway.Proxy.Requests;
using AgentGateway.Proxy.Telemetry;

namespace AgentGateway.Proxy.Mcp;

// Clients of revision 2026-07-28, which has no sessions (specification 2.3, second part). A target of that revision gets the request as it is;
// one of an older revision is asked through a handshake of the gateway, and its answers get the members that the newer revision requires.
internal sealed partial class McpBackend
{
    private const string NoServerRequests = "gateway cannot route direct server-to-client requests; return an input_required result instead";

    // An upstream can be upgraded while the gateway runs.
    private static readonly TimeSpan EraLifetime = TimeSpan.FromMinutes(5);

    // Targets that turned out to speak only revisions with a handshake, with the time when that was learnt.
    private readonly ConcurrentDictionary<string, long> _legacyTargets = new(StringComparer.Ordinal);

    private async ValueTask<GatewayReply?> PostModernAsync(RequestContext context, JsonRpcMessage message)
    {
        if (message.Kind != JsonRpcKind.Request)
        {
            // This revision defines no notices from the client over HTTP, and there is no session that one could be about.
            return Accepted();
        }

        if (_several)
        {
            if (McpMethods.IsList(message.Method))
            {
                return await FanOutAsync(context, message, null, McpVersions.Modern);
            }

            if (message.Method == McpMethods.Discover)
            {
                return await DiscoverSeveralAsync(context, message);
            }

            if (message.Method == McpMethods.Listen)
            {
                return await ListenSeveralAsync(context, message);
            }
        }

        var route = await RouteAsync(context, message, null, McpVersions.Modern);
        if (route.Refusal is not null)
        {
            return route.Refusal;
        }

        var (target, name) = (_targets[route.Target], route.Name);
        if (McpItemRules.Refuse(context, message, target.Name, name) is { } denied)
        {
            return denied;
        }

        McpFacts.Describe(context.Record, message, target.Name, name);
        using var span = new SpanScope(McpFacts.StartSpan(context.Record, message.Method!, target.Name, McpFacts.SpanName(message, name)));
        try
        {
            if (target is McpHttpTargetSnapshot && !IsLegacy(target.Name))
            {
                var (handled, reply) = await TryModernAsync(context, message, target, route, span);
                if (handled)
                {
                    return reply;
                }
            }

            return await BridgeAsync(context, message, target, route, span);
        }
        catch (McpUpstreamException error)
        {
            McpFacts.Failed(context.Record, span.Span, JsonRpcText.InternalError, error.Message);
            return McpReplies.Upstream(message, error);
        }
    }

    private bool IsLegacy(string target)
    {
        if (!_legacyTargets.TryGetValue(target, out var since))
        {
            return false;
        }

        if (Time.GetElapsedTime(since) < EraLifetime)
        {
            return true;
        }

        _legacyTargets.TryRemove(target, out _);
        return false;
    }

    private async ValueTask<(bool Handled, GatewayReply? Reply)> TryModernAsync(
        RequestContext context, JsonRpcMessage message, McpTargetSnapshot target, McpRoute route, SpanScope span)
    {
        var upstream = Connect(target);
        var reply = await SendAsync(context, upstream, message, route.Edits(message), route.Name, span.Span, null, context.Aborted);
        if (reply.Failure is { } failure)
        {
            if (!EraProbe.SaysLegacy(failure))
            {
                span.Fail($"upstream answered {failure.Status}");
                return (true, failure);
            }

            _log.IsLegacy(target.Name, $"it answered {failure.Status}");
            _legacyTargets[target.Name] = Time.GetTimestamp();
            return (false, null);
        }

        if (reply.Messages is not { } messages)
        {
            throw new McpUpstreamException("failed to send message: upstream accepted the request without an answer");
        }

        await using (messages)
        {
            if (message.Method == McpMethods.Discover && reply.IsSingleJson && messages is SingleMessageStream { Current: { Kind: JsonRpcKind.Error } error } && EraProbe.SaysLegacy(error))
            {
                // A server without sessions that knows no server/discover answers 200 with "method not found".
                _log.IsLegacy(target.Name, "it does not know server/discover");
                _legacyTargets[target.Name] = Time.GetTimestamp();
                return (false, null);
            }

            var relay = new McpRelay(context, messages)
            {
                Request = message,
                Span = span.Span,
                Rewrite = Completing(message.Method, target.Name),
                Intercept = RefusingServerRequests(context, upstream),
                IsModern = true,
                AsJson = reply.IsSingleJson,
            };
            return (true, await relay.RunAsync(context.Aborted));
        }
    }

    // A handshake, the request, and the end of the connection, for each request.
    private async ValueTask<GatewayReply?> BridgeAsync(RequestContext context, JsonRpcMessage message, McpTargetSnapshot target, McpRoute route, SpanScope span)
    {
        if (message.Method == McpMethods.Listen)
        {
            return McpReplies.MethodNotFound(message);
        }

        var upstream = Connect(target);
        try
        {
            var handshake = await HandshakeAsync(context, upstream, McpVersions.NewestLegacy, span.Span);
            if (handshake.Refusal is { } failure)
            {
                span.Fail($"upstream answered {failure.Status}");
                return failure;
            }

            if (handshake.Error is null && message.Method == McpMethods.Discover)
            {
                return DiscoverReply(message, handshake);
            }

            // A process that knows no initialize speaks the newer revision only; it gets the request as it is.
            var reply = await SendAsync(context, upstream, message, route.Edits(message), route.Name, span.Span, handshake.Version, context.Aborted);
            if (reply.Failure is not null)
            {
                span.Fail($"upstream answered {reply.Failure.Status}");
                return reply.Failure;
            }

            if (reply.Messages is not { } messages)
            {
                throw new McpUpstreamException("failed to send message: upstream accepted the request without an answer");
            }

            await using (messages)
            {
                var relay = new McpRelay(context, messages)
                {
                    Request = message,
                    Span = span.Span,
                    Rewrite = Completing(message.Method, target.Name),
                    Intercept = RefusingServerRequests(context, upstream),
                    IsModern = true,
                };
                return await relay.RunAsync(context.Aborted);
            }
        }
        finally
        {
            await DisconnectAsync(context, upstream);
        }
    }

    private static GatewayReply DiscoverReply(JsonRpcMessage message, in Handshake handshake) => new()
    {
        Status = 200,
        Reason = ResponseReason.Upstream,
        ContentType = "application/json",
        Body = ResultText.Discover(message.Id, handshake.Result),
    };

    // Names get their prefix, results the members that the revision requires.
    private Func<JsonRpcMessage, ReadOnlyMemory<byte>> Completing(string? method, string target) => message =>
    {
        var edits = new JsonEdits();
        Qualify(message, method, target, edits);
        ResultText.Complete(message, method, edits);
        return edits.IsEmpty ? message.Json : edits.Apply(message.Json.Span);
    };

    private static Func<JsonRpcMessage, ValueTask<bool>> RefusingServerRequests(RequestContext context, McpUpstream upstream) => async message =>
    {
        if (message.Kind != JsonRpcKind.Request)
        {
            return false;
        }

        await RefuseRequestAsync(context, upstream, message);
        return true;
    };

    private static async ValueTask RefuseRequestAsync(RequestContext context, McpUpstream upstream, JsonRpcMessage message)
    {
        var refusal = JsonRpcText.Own(JsonRpcText.Error(message.Id.ToArray(), JsonRpcText.InvalidRequest, NoServerRequests));
        await SendAsync(context, upstream, refusal, new JsonEdits(), null, null, null, context.Aborted);
    }
}
