namespace AgentGateway.Proxy.Backends.Transport;

/// <summary>TCP keep-alive probes (<c>config.backend.keepalives</c>).</summary>
internal sealed record KeepAliveOptions
{
    /// <summary>Idle time before the first probe; 3 minutes by default.</summary>
    public TimeSpan Time { get; init; } = TimeSpan.FromMinutes(3);

    /// <summary>Time between probes; 3 minutes by default.</summary>
    public TimeSpan Interval { get; init; } = TimeSpan.FromMinutes(3);

    /// <summary>Unanswered probes after which the connection is dead; 9 by default.</summary>
    public int Retries { get; init; } = 9;
}
