namespace AgentGateway.Proxy.Policies;

/// <summary>The order in which policies act on a response (config-mcp 3.1, stage 7); headers owed by policies are merged last.</summary>
internal enum ResponseStep
{
    RouteHeaders,
    BackendHeaders,
    Backend,
    RouteTransformation,
    BackendTransformation,
    GatewayTransformation,

    /// <summary>Number of steps.</summary>
    Count,
}
