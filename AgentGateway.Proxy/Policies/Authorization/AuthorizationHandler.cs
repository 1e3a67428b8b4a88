using AgentGateway.Configuration.Snapshot.Policies;
using AgentGateway.Proxy.Backends.Forwarding;
using AgentGateway.Proxy.Backends.Transport;
using AgentGateway.Proxy.Requests;
using AgentGateway.Proxy.Telemetry;

namespace AgentGateway.Proxy.Policies.Authorization;

/// <summary>Policy <c>authorization</c>: refuses with 403 what its rules do not allow. Acts in all three phases.</summary>
internal sealed class AuthorizationHandler(AuthorizationPolicy policy) : IRequestPolicy, IBackendPolicy
{
    private static readonly GatewayReply Refusal = GatewayReply.Failure(403, ResponseReason.Authorization, "authorization failed");

    private readonly RuleSet _rules = new(policy.Rules);

    public bool ReadsRequestBody => _rules.ReadsBody;

    public ValueTask<GatewayReply?> ApplyAsync(RequestContext context) =>
        _rules.ReadsBody ? ApplyWithBodyAsync(context) : new(_rules.Allows(context.Variables) ? null : Refusal);

    public ValueTask<GatewayReply?> ApplyAsync(RequestContext context, UpstreamRequest attempt) => ApplyAsync(context);

    private async ValueTask<GatewayReply?> ApplyWithBodyAsync(RequestContext context)
    {
        await context.KeepBodyAsync();
        return _rules.Allows(context.Variables) ? null : Refusal;
    }
}
