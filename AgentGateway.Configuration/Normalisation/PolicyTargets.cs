using AgentGateway.Configuration.Model.Traffic;
using AgentGateway.Configuration.Reading;
using AgentGateway.Configuration.Snapshot.Llm;
using AgentGateway.Configuration.Snapshot.Policies;

namespace AgentGateway.Configuration.Normalisation;

/// <summary>Policies that name what they apply to, and what they turned out to apply to.</summary>
internal sealed class PolicyTargets(EquatableArray<TargetedPolicy> policies, ReadContext context)
{
    private readonly HashSet<TargetedPolicy> _used = [];

    /// <summary>Policies of gateway and listener, the less specific first.</summary>
    public ListenerPolicies ForListener(string gateway, string listener, int port)
    {
        if (policies.IsEmpty)
        {
            return ListenerPolicies.None;
        }

        var matching = Matching(policy => policy.Target.Gateway is { } target
            && $"{target.Namespace}/{target.Name}" == gateway && (target.Listener is null || target.Listener == listener) && (target.Port is null || target.Port == port))
            .OrderBy(static p => (p.Target.Gateway!.Port is null ? 0 : 1) + (p.Target.Gateway.Listener is null ? 0 : 2))
            .ToList();
        return new ListenerPolicies(
            Merge(matching.Where(static p => p.GatewayPhase)),
            Split(matching.Where(static p => !p.GatewayPhase), backend: false),
            Split(matching.Where(static p => !p.GatewayPhase), backend: true));
    }

    /// <summary>Policies of a route, those of one of its rules last.</summary>
    public EquatableArray<PolicySnapshot> ForRoute(string name, string? ruleName) =>
        policies.IsEmpty ? [] : Merge(Matching(policy => policy.Target.Route is { } target
            && $"{target.Namespace}/{target.Name}" == name && (target.RuleName is null || target.RuleName == ruleName))
            .OrderBy(static p => p.Target.Route!.RuleName is null ? 0 : 1));

    /// <summary>Policies of a named backend, or of one section of it.</summary>
    public EquatableArray<PolicySnapshot> ForBackend(string name, string? section) =>
        policies.IsEmpty ? [] : Merge(Matching(policy => policy.Target.Backend is { } target && target.Name.TrimStart('/') == name && target.Section == section));

    /// <summary>Policies of a service, those of one of its ports last.</summary>
    public EquatableArray<PolicySnapshot> ForService(string @namespace, string hostname, int port) =>
        policies.IsEmpty ? [] : Merge(Matching(policy => policy.Target.Service is { } target
            && target.Namespace == @namespace && target.Hostname == hostname && (target.Port is null || target.Port == port))
            .OrderBy(static p => p.Target.Service!.Port is null ? 0 : 1));

    /// <summary>Reports policies whose target does not exist, or that cannot apply there.</summary>
    public void CheckUsed()
    {
        foreach (var policy in policies)
        {
            if (policy.Target.ListenerSet)
            {
                context.NotSupportedYet(new Place(context, policy.TargetAt.Path, new Documents.ScalarNode(policy.TargetAt.Position, "", Documents.ScalarKind.Text, false)));
                continue;
            }

            if (!_used.Contains(policy))
            {
                context.SemanticError(policy.TargetAt, "unknown target: nothing in this document has that name; correct it, or remove the policy");
            }

            Check(policy);
        }
    }

    private void Check(TargetedPolicy policy)
    {
        foreach (var setting in policy.Policies)
        {
            if (policy.GatewayPhase && policy.Target.Gateway is null)
            {
                context.SemanticError(policy.PhaseAt, "phase gateway needs a gateway target; remove the phase, or choose a gateway");
            }
            else if (policy.GatewayPhase && !IsGatewayKind(setting))
            {
                context.SemanticError(policy.PolicyAt, "this policy cannot run in phase gateway; only oidc, jwtAuth, authorization, extAuthz, extProc, cors, transformations, basicAuth and apiKey can");
            }
            else if (IsOnBackend(policy) && setting is Conditional<TransformationPolicy>)
            {
                context.SemanticError(policy.PolicyAt, "conditional transformations are not supported on backend-targeted policies");
            }
            else if (IsOnBackend(policy) && setting is Conditional<ExtAuthz>)
            {
                context.SemanticError(policy.PolicyAt, "conditional extAuthz is not supported on backend-targeted policies");
            }
            else if (IsOnBackend(policy) && !IsAllowedOnBackend(setting))
            {
                context.SemanticError(policy.PolicyAt, "this policy cannot apply to a backend; target a route or a gateway");
            }
        }
    }

    private static bool IsOnBackend(TargetedPolicy policy) => policy.Target.Backend is not null || policy.Target.Service is not null;

    private static bool IsGatewayKind(PolicySnapshot policy) => policy is OidcPolicy or JwtAuth or AuthorizationPolicy or CorsPolicy or BasicAuth or ApiKeyAuth
        || policy.Kind == typeof(ExtAuthz) || policy.Kind == typeof(ExtProc) || policy.Kind == typeof(TransformationPolicy);

    private static bool IsBackendKind(PolicySnapshot policy) =>
        policy is BackendTls or BackendTunnel or BackendAuth or AiPolicy or A2aPolicy or McpAuthorizationPolicy or McpGuardrails;

    private static bool IsAllowedOnBackend(PolicySnapshot policy) => IsBackendKind(policy)
        || policy is RequestHeaderModifier or ResponseHeaderModifier or RequestRedirect or TransformationPolicy or ExtAuthz or AuthorizationPolicy;

    private static EquatableArray<PolicySnapshot> Split(IEnumerable<TargetedPolicy> policies, bool backend) =>
        PolicySets.Merge([.. policies.Select(p => (EquatableArray<PolicySnapshot>)[.. p.Policies.Where(s => IsBackendKind(s) == backend)])]);

    private static EquatableArray<PolicySnapshot> Merge(IEnumerable<TargetedPolicy> policies) => PolicySets.Merge([.. policies.Select(static p => p.Policies)]);

    private List<TargetedPolicy> Matching(Func<TargetedPolicy, bool> matches)
    {
        var found = new List<TargetedPolicy>();
        foreach (var policy in policies)
        {
            if (matches(policy))
            {
                _used.Add(policy);
                found.Add(policy);
            }
        }

        return found;
    }
}

/// <summary>Targeted policies of a listener.</summary>
/// <param name="GatewayPhase">Those that run before a route is chosen.</param>
/// <param name="Route">Those of its routes.</param>
/// <param name="Backend">Those of the backends of its routes.</param>
internal sealed record ListenerPolicies(EquatableArray<PolicySnapshot> GatewayPhase, EquatableArray<PolicySnapshot> Route, EquatableArray<PolicySnapshot> Backend)
{
    public static ListenerPolicies None { get; } = new([], [], []);
}
