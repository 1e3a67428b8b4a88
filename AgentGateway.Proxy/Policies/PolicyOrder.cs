using AgentGateway.Configuration.Snapshot.Policies;
using AgentGateway.Proxy.Policies.ApiKey;
using AgentGateway.Proxy.Policies.BasicAuth;
using AgentGateway.Proxy.Policies.JwtAuth;

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
        PolicyStep.Gateway<JwtAuthPolicy>(JwtAuthentication.Create),
        PolicyStep.Gateway<BasicAuthPolicy>(BasicAuthentication.Create),
        PolicyStep.Gateway<ApiKeyPolicy>(ApiKeyAuthentication.Create),

        // Route phase:
        // timeout, cors, oidc, jwtAuth, mcpAuthentication, basicAuth, apiKey, extAuthz, authorization, localRateLimit, remoteRateLimit,
        // transformations, csrf, responseHeaderModifier, requestHeaderModifier, urlRewrite, requestRedirect, delay, directResponse, requestMirror
        PolicyStep.Route<JwtAuthPolicy>(JwtAuthentication.Create),
        PolicyStep.Route<BasicAuthPolicy>(BasicAuthentication.Create),
        PolicyStep.Route<ApiKeyPolicy>(ApiKeyAuthentication.Create),

        // Backend phase, for each attempt:
        // authorization, extAuthz, backendAuth, transformations, requestHeaderModifier, requestRedirect, a2a
    ];
}
