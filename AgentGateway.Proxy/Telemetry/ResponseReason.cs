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

/// <summary>Text of <see cref="ResponseReason"/>.</summary>
internal static class ResponseReasonText
{
    private static readonly string[] Names = Enum.GetNames<ResponseReason>();

    /// <summary>The name as logs and labels show it; makes no string.</summary>
    public static string Text(this ResponseReason reason) => Names[(int)reason];
}
