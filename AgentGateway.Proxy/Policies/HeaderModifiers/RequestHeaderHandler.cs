using AgentGateway.Configuration.Snapshot.Policies;
using AgentGateway.Proxy.Backends.Forwarding;
using AgentGateway.Proxy.Backends.Transport;
using AgentGateway.Proxy.Requests;

namespace AgentGateway.Proxy.Policies.HeaderModifiers;

/// <summary>Policy <c>requestHeaderModifier</c>, of a route and of a backend.</summary>
internal sealed class RequestHeaderHandler(RequestHeaderModifier settings) : IRequestPolicy, IBackendPolicy
{
    private readonly HeaderEdits _edits = new(settings.Headers);

    public ValueTask<GatewayReply?> ApplyAsync(RequestContext context)
    {
        _edits.ApplyTo(context.Http.Request.Headers);
        if (_edits.Authority is { } authority)
        {
            context.Authority = authority;
            context.KeepAuthority = true;
        }

        return default;
    }

    public ValueTask<GatewayReply?> ApplyAsync(RequestContext context, UpstreamRequest attempt)
    {
        _edits.ApplyTo(attempt.Headers);
        attempt.Host = _edits.Authority ?? attempt.Host;
        return default;
    }
}
