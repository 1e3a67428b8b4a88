namespace AgentGateway.Proxy.Telemetry;

/// <summary>Why a response is what it is: the <c>reason</c> of access log and metrics, the <c>error.type</c> of outbound spans.</summary>
internal enum ResponseReason
{
    Upstream,
    DirectResponse,
    NotFound,
    NoHealthyBackend,
    Internal,
    InvalidRequest,
    JwtAuth,
    Oidc,
    BasicAuth,
    APIKeyAuth,
    ExtAuth,
    Authorization,
    Timeout,
    ExtProc,
    RateLimit,
    Guardrail,
    MCP,
    UpstreamFailure,
}
