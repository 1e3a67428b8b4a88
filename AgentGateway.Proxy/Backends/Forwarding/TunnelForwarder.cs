using AgentGateway.Configuration.Snapshot;
using AgentGateway.Proxy.Backends.Transport;
using AgentGateway.Proxy.Listeners.Tunnels;
using AgentGateway.Proxy.Policies;
using AgentGateway.Proxy.Requests;
using AgentGateway.Proxy.Routing;
using AgentGateway.Proxy.Telemetry;

namespace AgentGateway.Proxy.Backends.Forwarding;

/// <summary>Connects a CONNECT request that was routed to its backend and passes the bytes both ways.</summary>
internal static class TunnelForwarder
{
    public static async ValueTask<GatewayReply?> ForwardAsync(RequestContext context, IClientTunnel tunnel, RouteBackendRuntime choice)
    {
        var record = context.Record;
        record.Backend = choice.Snapshot.Backend.Key;
        if (!TryFindTarget(context, choice.Snapshot.Backend, out var target))
        {
            return GatewayReply.InvalidBackendType;
        }

        if (target is null)
        {
            return GatewayReply.InvalidRequest;
        }

        // Nothing of the request goes upstream: of the policies only those that refuse have an effect.
        var attempt = new UpstreamRequest { Method = "CONNECT", Target = "/", Host = context.Authority, Headers = UpstreamRequests.CopyOf(context.Http.Request.Headers) };
        foreach (var policy in choice.Call.Policies)
        {
            if (await policy.ApplyAsync(context, attempt) is { } refusal)
            {
                return refusal;
            }
        }

        record.Endpoint = target.ToString();
        var started = context.Services.Time.GetTimestamp();
        var span = record.StartOutbound(OutboundKind.Primary, "Http", $"CONNECT {target}");
        try
        {
            record.MarkUpstream();
            await using var upstream = await context.Services.Dialer.DialAsync(target, choice.Call.Transport, null, context.Aborted);
            if (await context.ResponseHeadReadyAsync() is { } reply)
            {
                return reply;
            }

            record.Reason = ResponseReason.Upstream;
            var client = await tunnel.AcceptAsync();
            record.ResponseBytes += await DuplexRelay.RunAsync(client, upstream, context.Services.Time, context.Aborted);
            return null;
        }
        catch (UpstreamException e)
        {
            var reply = UpstreamReplies.Of(e);
            span?.Fail(reply.Reason.ToString(), reply.Error!);
            return reply;
        }
        finally
        {
            span?.End();
            record.CountCall(OutboundKind.Primary, "Http", started);
        }
    }

    // False for a backend that is no place to connect to; a null target when the request names none.
    private static bool TryFindTarget(RequestContext context, BackendSnapshot backend, out TargetAddress? target)
    {
        switch (backend)
        {
            case HostBackendSnapshot host:
                target = host.Target;
                return true;
            case ServiceBackendSnapshot service:
                target = ServiceTargetSnapshot.Of(service, context.Runtime.Snapshot).PickEndpoint();
                return true;
            case DynamicBackendSnapshot { Target: var expression }:
                var text = context.Authority;
                target = expression is null || ExpressionText.TryText(new PolicyExpression(expression).Evaluate(context), out text!) ? DynamicBackend.Parse(text, "connect") : null;
                return true;
            default:
                target = null;
                return false;
        }
    }
}
