using AgentGateway.Configuration.Reading;
using AgentGateway.Configuration.Snapshot.Llm;
using AgentGateway.Configuration.Snapshot.Policies;

namespace AgentGateway.Configuration.Model.Policies;

/// <summary>A policy under its key.</summary>
/// <param name="Key">Configuration key.</param>
/// <param name="Doc">What it does.</param>
/// <param name="Shape">Reads it.</param>
internal sealed record PolicyKey(string Key, string Doc, Shape<PolicySnapshot> Shape);

/// <summary>Which policies may be set where.</summary>
internal static class PolicySetShapes
{
    private static readonly PolicyKey RequestHeaderModifierKey = new("requestHeaderModifier", "Changes request headers.", HeaderModifier.Shape.As(static headers => (PolicySnapshot)new RequestHeaderModifier(headers)));

    private static readonly PolicyKey ResponseHeaderModifierKey = new("responseHeaderModifier", "Changes response headers.", HeaderModifier.Shape.As(static headers => (PolicySnapshot)new ResponseHeaderModifier(headers)));

    private static readonly PolicyKey RequestRedirectKey = new("requestRedirect", "Answers with a redirect.", RequestRedirect.Shape.As(static policy => (PolicySnapshot)policy));

    private static readonly PolicyKey UrlRewriteKey = new("urlRewrite", "Changes authority and path before the request goes upstream.", UrlRewrite.Shape.As(static policy => (PolicySnapshot)policy));

    private static readonly PolicyKey RequestMirrorKey = new("requestMirror", "Sends copies of requests to another backend.", RequestMirror.Shape.As(static policy => (PolicySnapshot)policy));

    private static readonly PolicyKey DirectResponseKey = new("directResponse", "Answers without a backend.", DirectResponse.ConditionalShape);

    private static readonly PolicyKey CorsKey = new("cors", "Cross-origin resource sharing.", CorsPolicy.Shape.As(static policy => (PolicySnapshot)policy));

    private static readonly PolicyKey McpAuthorizationKey = new("mcpAuthorization", "Hides and denies MCP tools, prompts and resources by rules.", AuthorizationPolicy.Shape.As(static policy => (PolicySnapshot)new McpAuthorizationPolicy { Rules = policy.Rules }));

    private static readonly PolicyKey McpGuardrailsKey = new("mcpGuardrails", "External checks of MCP calls.", McpGuardrails.Shape.As(static policy => (PolicySnapshot)policy));

    private static readonly PolicyKey AuthorizationKey = new("authorization", "Allows or denies requests by rules.", AuthorizationPolicy.Shape.As(static policy => (PolicySnapshot)policy));

    private static readonly PolicyKey McpAuthenticationKey = new("mcpAuthentication", "OAuth protection of an MCP endpoint.", McpAuthentication.Shape.As(static policy => (PolicySnapshot)policy));

    private static readonly PolicyKey A2aKey = new("a2a", "Marks agent-to-agent traffic.", A2aPolicy.Shape.As(static policy => (PolicySnapshot)policy));

    private static readonly PolicyKey AiKey = new("ai", "What is done to LLM requests and answers.", AiPolicy.Shape.As(static policy => (PolicySnapshot)policy));

    private static readonly PolicyKey BackendTLSKey = new("backendTLS", "TLS towards the upstream.", BackendTls.Shape.As(static policy => (PolicySnapshot)policy));

    private static readonly PolicyKey BackendTunnelKey = new("backendTunnel", "Connects through an HTTP CONNECT proxy.", BackendTunnel.Shape.As(static policy => (PolicySnapshot)policy));

    private static readonly PolicyKey BackendAuthKey = new("backendAuth", "How the gateway authenticates to the upstream.", BackendAuth.Shape.As(static policy => (PolicySnapshot)policy));

    private static readonly PolicyKey LocalRateLimitKey = new("localRateLimit", "Token buckets in this process; a list of them, all of which must have room, or a conditional choice.", LocalRateLimits.Shape);

    private static readonly PolicyKey RemoteRateLimitKey = new("remoteRateLimit", "Rate limits that replicas share.", RemoteRateLimit.ConditionalShape);

    private static readonly PolicyKey JwtAuthKey = new("jwtAuth", "Authentication by JSON web token.", JwtAuth.Shape.As(static policy => (PolicySnapshot)policy));

    private static readonly PolicyKey OidcKey = new("oidc", "Browser login with OpenID Connect.", OidcPolicy.Shape.As(static policy => (PolicySnapshot)policy));

    private static readonly PolicyKey BasicAuthKey = new("basicAuth", "HTTP basic authentication.", BasicAuth.Shape.As(static policy => (PolicySnapshot)policy));

    private static readonly PolicyKey ApiKeyKey = new("apiKey", "Authentication by API key.", ApiKeyAuth.Shape.As(static policy => (PolicySnapshot)policy));

    private static readonly PolicyKey ExtAuthzKey = new("extAuthz", "Asks an external service whether a request may pass.", ExtAuthz.ConditionalShape);

    private static readonly PolicyKey ExtProcKey = new("extProc", "Passes requests and responses through an external processor.", ExtProc.ConditionalShape);

    private static readonly PolicyKey TransformationsKey = new("transformations", "Changes requests and responses by expressions.", TransformationPolicy.ConditionalShape);

    private static readonly PolicyKey CsrfKey = new("csrf", "Refuses cross-site requests that change state.", CsrfPolicy.Shape.As(static policy => (PolicySnapshot)policy));

    private static readonly PolicyKey BufferKey = new("buffer", "Keeps whole bodies before they are passed on.", BufferPolicy.Shape.As(static policy => (PolicySnapshot)policy));

    private static readonly PolicyKey TimeoutKey = new("timeout", "Time limits.", TimeoutPolicy.Shape.As(static policy => (PolicySnapshot)policy));

    private static readonly PolicyKey RetryKey = new("retry", "Further attempts after a failure.", RetryPolicy.Shape.As(static policy => (PolicySnapshot)policy));

    private static readonly PolicyKey DelayKey = new("delay", "Waits before the request goes upstream.", DelayPolicy.Shape.As(static policy => (PolicySnapshot)policy));

    private static readonly PolicyKey BackendTransformationsKey = new("transformations", "Changes requests and responses by expressions.", TransformationPolicy.Shape.As(static policy => (PolicySnapshot)policy));

    private static readonly PolicyKey HttpKey = new("http", "HTTP towards the upstream.", BackendHttp.Shape.As(static policy => (PolicySnapshot)policy));

    private static readonly PolicyKey TcpKey = new("tcp", "TCP towards the upstream.", BackendTcp.Shape.As(static policy => (PolicySnapshot)policy));

    private static readonly PolicyKey HealthKey = new("health", "Takes failing endpoints out of use for a while.", HealthPolicy.Shape.As(static policy => (PolicySnapshot)policy));

    private static readonly PolicyKey BackendExtAuthzKey = new("extAuthz", "Asks an external service whether a request may pass.", ExtAuthz.Shape.As(static policy => (PolicySnapshot)policy));

    private static readonly PolicyKey InferenceRoutingKey = new("inferenceRouting", "Lets an endpoint picker choose the endpoint of a service.", InferenceRouting.Shape.As(static policy => (PolicySnapshot)policy));

    private static readonly PolicyKey SessionAffinityKey = new("sessionAffinity", "Sends requests with the same value to the same endpoint.", SessionAffinity.Shape.As(static policy => (PolicySnapshot)policy));

    /// <summary>Policies of a route.</summary>
    public static Shape<EquatableArray<PolicySnapshot>> Route { get; } = Set("RoutePolicies", "Policies of a route.", [RequestHeaderModifierKey, ResponseHeaderModifierKey, RequestRedirectKey, UrlRewriteKey, RequestMirrorKey, DirectResponseKey, CorsKey, McpAuthorizationKey, McpGuardrailsKey, AuthorizationKey, McpAuthenticationKey, A2aKey, AiKey, BackendTLSKey, BackendTunnelKey, BackendAuthKey, LocalRateLimitKey, RemoteRateLimitKey, JwtAuthKey, OidcKey, BasicAuthKey, ApiKeyKey, ExtAuthzKey, ExtProcKey, TransformationsKey, CsrfKey, BufferKey, TimeoutKey, RetryKey, DelayKey]);

    /// <summary>Policies that run before a route is chosen.</summary>
    public static Shape<EquatableArray<PolicySnapshot>> Gateway { get; } = Set("GatewayPolicies", "Policies that run before a route is chosen.", [OidcKey, JwtAuthKey, AuthorizationKey, ExtAuthzKey, ExtProcKey, CorsKey, TransformationsKey, BasicAuthKey, ApiKeyKey]);

    /// <summary>Policies of the admin page.</summary>
    public static Shape<EquatableArray<PolicySnapshot>> Ui { get; } = Set("UiPolicies", "Policies of the admin page.", [CorsKey, OidcKey, JwtAuthKey, AuthorizationKey, ExtAuthzKey, BasicAuthKey, ApiKeyKey, CsrfKey]);

    /// <summary>Policies that apply to each attempt at a backend.</summary>
    public static Shape<EquatableArray<PolicySnapshot>> Backend { get; } = Set("BackendPolicies", "Policies that apply to each attempt at a backend.", [RequestHeaderModifierKey, BackendTransformationsKey, BackendTLSKey, BackendAuthKey, HttpKey, TcpKey, BackendTunnelKey, ResponseHeaderModifierKey, RequestRedirectKey, HealthKey, BackendExtAuthzKey, AuthorizationKey, McpAuthorizationKey, McpGuardrailsKey, A2aKey, InferenceRoutingKey, SessionAffinityKey, AiKey]);

    /// <summary>Policies of the connection to a helper service or an MCP target.</summary>
    public static Shape<EquatableArray<PolicySnapshot>> Target { get; } = Set("TargetPolicies", "Policies of the connection to a helper service or an MCP target.", [RequestHeaderModifierKey, BackendTransformationsKey, BackendTLSKey, BackendAuthKey, HttpKey, TcpKey, BackendTunnelKey]);

    /// <summary>Policies of a TCP backend.</summary>
    public static Shape<EquatableArray<PolicySnapshot>> TcpBackend { get; } = Set("TcpBackendPolicies", "Policies of a TCP backend.", [BackendTLSKey, BackendTunnelKey]);

    /// <summary>Policies of a TCP route.</summary>
    public static Shape<EquatableArray<PolicySnapshot>> TcpRoute { get; } = Set("TcpRoutePolicies", "Policies of a TCP route.", [BackendTLSKey]);

    /// <summary>Keys of the policies that gateways have among their own keys.</summary>
    public static IReadOnlyList<PolicyKey> GatewayKeys { get; } = [OidcKey, JwtAuthKey, AuthorizationKey, ExtAuthzKey, ExtProcKey, CorsKey, TransformationsKey, BasicAuthKey, ApiKeyKey];

    /// <summary>Reads policies that stand among other keys of a mapping.</summary>
    public static EquatableArray<PolicySnapshot> Read(ObjectReader r, IReadOnlyList<PolicyKey> keys)
    {
        List<PolicySnapshot>? policies = null;
        foreach (var key in keys)
        {
            var before = r.Context.Findings;
            if (r.Optional(key.Key, key.Shape, key.Doc) is { } policy)
            {
                (policies ??= []).Add(policy);
                if (r.Context.Findings == before)
                {
                    IneffectiveSettings.Warn(r, key.Key, policy);
                    Try(r, key.Key, policy);
                }
            }
        }

        return policies is null ? [] : [.. policies];
    }

    private static void Try(ObjectReader r, string key, PolicySnapshot policy)
    {
        if (r.Context.Muted || r.Context.Options.TryPolicy?.Invoke(policy) is not { } problem)
        {
            return;
        }

        if (problem.NotSupportedYet)
        {
            r.Context.NotSupportedYet(r.At(key), problem.Message);
        }
        else
        {
            var at = problem.Key is { } inner ? r.AtInside(key, inner, problem.Occurrence) : r.At(key);
            r.Context.Error(at.Path, at.Position, problem.Message);
        }
    }

    private static Shape<EquatableArray<PolicySnapshot>> Set(string name, string doc, PolicyKey[] keys) => Shapes.Object(name, doc, r => Read(r, keys));
}
