using AgentGateway.Configuration.Snapshot.Policies;
using AgentGateway.Proxy.A2a;
using AgentGateway.Proxy.Backends.Auth;
using AgentGateway.Proxy.Policies.ApiKey;
using AgentGateway.Proxy.Policies.Authorization;
using AgentGateway.Proxy.Policies.BasicAuth;
using AgentGateway.Proxy.Policies.Cors;
using AgentGateway.Proxy.Policies.Csrf;
using AgentGateway.Proxy.Policies.Delays;
using AgentGateway.Proxy.Policies.DirectResponses;
using AgentGateway.Proxy.Policies.ExtAuthz;
using AgentGateway.Proxy.Policies.HeaderModifiers;
using AgentGateway.Proxy.Policies.JwtAuth;
using AgentGateway.Proxy.Policies.McpAuthentication;
using AgentGateway.Proxy.Policies.Mirroring;
using AgentGateway.Proxy.Policies.Oidc;
using AgentGateway.Proxy.Policies.RateLimit;
using AgentGateway.Proxy.Policies.Redirect;
using AgentGateway.Proxy.Policies.RemoteRateLimit;
using AgentGateway.Proxy.Policies.Retries;
using AgentGateway.Proxy.Policies.Rewrite;
using AgentGateway.Proxy.Policies.Timeouts;
using AgentGateway.Proxy.Policies.Transformations;
using BasicAuthSettings = AgentGateway.Configuration.Snapshot.Policies.BasicAuth;
using ExtAuthzSettings = AgentGateway.Configuration.Snapshot.Policies.ExtAuthz;
using JwtAuthSettings = AgentGateway.Configuration.Snapshot.Policies.JwtAuth;
using McpAuthenticationPolicy = AgentGateway.Configuration.Snapshot.Policies.McpAuthentication;
using RemoteRateLimitSettings = AgentGateway.Configuration.Snapshot.Policies.RemoteRateLimit;

namespace AgentGateway.Proxy.Policies;

/// <summary>
/// The order of policies, written once (config-mcp 3.1, stages 2, 4 and 6). To add a policy: its record in the snapshot, its handler in a folder
/// of its own, and a line here. What a policy does to the response it says when its turn comes (<see cref="ResponseStep"/>).
/// </summary>
internal static class PolicyOrder
{
    /// <summary>All steps; within one stage they run in this order.</summary>
    public static IReadOnlyList<PolicyStep> Steps { get; } =
    [
        // Gateway phase, before routing:
        // cors, oidc, jwtAuth, basicAuth, apiKey, extAuthz, authorization, transformations
        PolicyStep.Gateway<CorsPolicy>(static (policy, _) => new CorsHandler(policy)),
        PolicyStep.Gateway<OidcPolicy>(OidcHandler.Create),
        PolicyStep.Gateway<JwtAuthSettings>(JwtAuthentication.Create),
        PolicyStep.Gateway<BasicAuthSettings>(BasicAuthentication.Create),
        PolicyStep.Gateway<ApiKeyAuth>(ApiKeyAuthentication.Create),
        PolicyStep.Gateway<ExtAuthzSettings>(static (policy, scope) => new ExtAuthzHandler(policy, scope)),
        PolicyStep.Gateway<AuthorizationPolicy>(static (policy, _) => new AuthorizationHandler(policy)),
        PolicyStep.Gateway<TransformationPolicy>(static (policy, _) => new TransformationHandler(policy, ResponseStep.GatewayTransformation)),

        // Route phase:
        // timeout, cors, oidc, jwtAuth, mcpAuthentication, basicAuth, apiKey, extAuthz, authorization, retry (its precondition), localRateLimit, remoteRateLimit,
        // transformations, csrf, responseHeaderModifier, requestHeaderModifier, urlRewrite, requestRedirect, delay, directResponse, requestMirror
        PolicyStep.Route<TimeoutPolicy>(static (policy, _) => policy.RequestTimeout is { } limit ? new TimeoutHandler(limit) : null),
        PolicyStep.Route<CorsPolicy>(static (policy, _) => new CorsHandler(policy)),
        PolicyStep.Route<OidcPolicy>(OidcHandler.Create),
        PolicyStep.Route<JwtAuthSettings>(JwtAuthentication.Create),
        PolicyStep.Route<McpAuthenticationPolicy>(McpAuthenticationHandler.Create),
        PolicyStep.Route<BasicAuthSettings>(BasicAuthentication.Create),
        PolicyStep.Route<ApiKeyAuth>(ApiKeyAuthentication.Create),
        PolicyStep.Route<ExtAuthzSettings>(static (policy, scope) => new ExtAuthzHandler(policy, scope)),
        PolicyStep.Route<AuthorizationPolicy>(static (policy, _) => new AuthorizationHandler(policy)),
        PolicyStep.Route<RetryPolicy>(RetryPreconditionHandler.Create),
        PolicyStep.Route<LocalRateLimits>(static (policy, scope) => new LocalRateLimitHandler(policy, scope)),
        PolicyStep.Route<RemoteRateLimitSettings>(static (policy, scope) => new RemoteRateLimitHandler(policy, scope)),
        PolicyStep.Route<TransformationPolicy>(static (policy, _) => new TransformationHandler(policy, ResponseStep.RouteTransformation)),
        PolicyStep.Route<CsrfPolicy>(static (policy, _) => new CsrfHandler(policy)),
        PolicyStep.Route<ResponseHeaderModifier>(static (policy, _) => new ResponseHeaderHandler(policy, ResponseStep.RouteHeaders)),
        PolicyStep.Route<RequestHeaderModifier>(static (policy, _) => new RequestHeaderHandler(policy)),
        PolicyStep.Route<UrlRewrite>(static (policy, _) => new UrlRewriteHandler(policy)),
        PolicyStep.Route<RequestRedirect>(static (policy, _) => new RequestRedirectHandler(policy)),
        PolicyStep.Route<DelayPolicy>(static (policy, _) => new DelayHandler(policy)),
        PolicyStep.Route<DirectResponse>(static (policy, _) => new DirectResponseHandler(policy)),
        PolicyStep.Route<RequestMirror>(static (policy, scope) => new RequestMirrorHandler(policy, scope)),

        // Backend phase, for each attempt:
        // authorization, extAuthz, backendAuth, transformations, responseHeaderModifier, requestHeaderModifier, requestRedirect, a2a, AWS signature
        PolicyStep.Backend<AuthorizationPolicy>(static (policy, _) => new AuthorizationHandler(policy)),
        PolicyStep.Backend<ExtAuthzSettings>(static (policy, scope) => new ExtAuthzHandler(policy, scope)),
        PolicyStep.Backend<BackendAuth>(BackendAuthentication.Create),
        PolicyStep.Backend<TransformationPolicy>(static (policy, _) => new TransformationHandler(policy, ResponseStep.BackendTransformation)),
        PolicyStep.Backend<ResponseHeaderModifier>(static (policy, _) => new ResponseHeaderHandler(policy, ResponseStep.BackendHeaders)),
        PolicyStep.Backend<RequestHeaderModifier>(static (policy, _) => new RequestHeaderHandler(policy)),
        PolicyStep.Backend<RequestRedirect>(static (policy, _) => new RequestRedirectHandler(policy)),
        PolicyStep.Backend<A2aPolicy>(static (_, _) => new A2aHandler()),

        // Signs what all others made of the attempt.
        PolicyStep.Backend<BackendAuth>(AwsSigning.Create),
    ];

    private static readonly PolicyStep[][] ByStage = [.. Enum.GetValues<PolicyStage>().Select(static stage => Steps.Where(step => step.Stage == stage).ToArray())];

    /// <summary>Steps of one stage, in their order.</summary>
    public static ReadOnlySpan<PolicyStep> StepsOf(PolicyStage stage) => ByStage[(int)stage];

    /// <summary>True when policies of this kind act at the stage.</summary>
    public static bool HasStep(PolicyStage stage, Type kind)
    {
        foreach (var step in StepsOf(stage))
        {
            if (step.Kind == kind)
            {
                return true;
            }
        }

        return false;
    }
}
