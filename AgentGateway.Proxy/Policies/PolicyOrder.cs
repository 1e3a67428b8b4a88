using AgentGateway.Configuration.Snapshot.Policies;
using AgentGateway.Proxy.Policies.ApiKey;
using AgentGateway.Proxy.Policies.Authorization;
using AgentGateway.Proxy.Policies.BasicAuth;
using AgentGateway.Proxy.Policies.ExtAuthz;
using AgentGateway.Proxy.Policies.JwtAuth;
using AgentGateway.Proxy.Policies.McpAuthentication;
using AgentGateway.Proxy.Policies.RemoteRateLimit;
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
        PolicyStep.Gateway<JwtAuthSettings>(JwtAuthentication.Create),
        PolicyStep.Gateway<BasicAuthSettings>(BasicAuthentication.Create),
        PolicyStep.Gateway<ApiKeyAuth>(ApiKeyAuthentication.Create),
        PolicyStep.Gateway<ExtAuthzSettings>(static (policy, scope) => new ExtAuthzHandler(policy, scope)),
        PolicyStep.Gateway<AuthorizationPolicy>(static (policy, _) => new AuthorizationHandler(policy)),

        // Route phase:
        // timeout, cors, oidc, jwtAuth, mcpAuthentication, basicAuth, apiKey, extAuthz, authorization, localRateLimit, remoteRateLimit,
        // transformations, csrf, responseHeaderModifier, requestHeaderModifier, urlRewrite, requestRedirect, delay, directResponse, requestMirror
        PolicyStep.Route<JwtAuthSettings>(JwtAuthentication.Create),
        PolicyStep.Route<McpAuthenticationPolicy>(McpAuthenticationHandler.Create),
        PolicyStep.Route<BasicAuthSettings>(BasicAuthentication.Create),
        PolicyStep.Route<ApiKeyAuth>(ApiKeyAuthentication.Create),
        PolicyStep.Route<ExtAuthzSettings>(static (policy, scope) => new ExtAuthzHandler(policy, scope)),
        PolicyStep.Route<AuthorizationPolicy>(static (policy, _) => new AuthorizationHandler(policy)),
        PolicyStep.Route<RemoteRateLimitSettings>(static (policy, scope) => new RemoteRateLimitHandler(policy, scope)),

        // Backend phase, for each attempt:
        // authorization, extAuthz, backendAuth, transformations, requestHeaderModifier, requestRedirect, a2a
    ];
}
