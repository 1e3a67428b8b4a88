namespace AgentGateway.Configuration.Expressions;

/// <summary>Members of <c>proxy</c>. Numbers fixed at compile time, for <see cref="AgentGateway.Cel.CelObject.GetMember"/>.</summary>
public static class ProxyMember
{
    /// <summary>Name of the bind, such as <c>bind/3000</c>.</summary>
    public const int Bind = 0;

    /// <summary>The gateway the request came in by.</summary>
    public const int Gateway = 1;

    /// <summary>The listener the request came in by.</summary>
    public const int Listener = 2;

    /// <summary>The route that was matched.</summary>
    public const int Route = 3;

    /// <summary>Time the gateway took before the request went upstream.</summary>
    public const int RequestProcessingDuration = 4;

    /// <summary>Time the upstream took to begin its response.</summary>
    public const int UpstreamDuration = 5;

    /// <summary>Time the gateway took after the upstream began its response.</summary>
    public const int ResponseProcessingDuration = 6;
}
