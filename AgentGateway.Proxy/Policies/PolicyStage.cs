namespace AgentGateway.Proxy.Policies;

/// <summary>When a policy acts on a request (config-mcp 3.1).</summary>
internal enum PolicyStage
{
    /// <summary>Before a route is chosen; policies of the listener.</summary>
    Gateway,

    /// <summary>After a route is chosen; policies of the route.</summary>
    Route,

    /// <summary>Before each attempt to call a backend; policies of the backend and its choice.</summary>
    Backend,
}
