using AgentGateway.Configuration.Snapshot.Policies;
using AgentGateway.Proxy.Backends.Forwarding;
using AgentGateway.Proxy.Backends.Transport;
using AgentGateway.Proxy.Requests;

namespace AgentGateway.Proxy.Policies.HeaderModifiers;

/// <summary>Policy <c>responseHeaderModifier</c>: does nothing to the request but says that its turn came.</summary>
internal sealed class ResponseHeaderHandler(ResponseHeaderModifier settings, ResponseStep step) : IRequestPolicy, IBackendPolicy, IResponsePolicy
{
    private readonly HeaderEdits _edits = new(settings.Headers);

    ValueTask<GatewayReply?> IRequestPolicy.ApplyAsync(RequestContext context)
    {
        context.OnResponse(step, this);
        return default;
    }

    ValueTask<GatewayReply?> IBackendPolicy.ApplyAsync(RequestContext context, UpstreamRequest attempt)
    {
        context.OnResponse(step, this);
        return default;
    }

    ValueTask<GatewayReply?> IResponsePolicy.ApplyAsync(RequestContext context)
    {
        _edits.ApplyTo(context.Http.Response.Headers);
        return default;
    }
}
