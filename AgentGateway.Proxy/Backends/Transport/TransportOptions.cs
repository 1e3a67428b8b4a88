namespace AgentGateway.Proxy.Backends.Transport;

/// <summary>Settings of the upstream client (configuration <c>config.backend</c>, backend policies <c>tcp</c>, <c>http</c>, <c>backendTLS</c>).</summary>
internal sealed record TransportOptions
{
    public static TransportOptions Default { get; } = new();

    /// <summary>Longest time to make a connection; 10 seconds by default.</summary>
    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Idle time after which a kept connection is closed; 90 seconds by default.</summary>
    public TimeSpan PoolIdleTimeout { get; init; } = TimeSpan.FromSeconds(90);

    /// <summary>Idle connections kept for one endpoint.</summary>
    public int PoolMaxSize { get; init; } = 1024;

    /// <summary>TCP keep-alive probes, or null for none.</summary>
    public KeepAliveOptions? KeepAlive { get; init; } = new();

    /// <summary>HTTP version towards the upstream; null lets the request decide (gRPC: 2, plain: 1.1, TLS: what ALPN agrees on).</summary>
    public Version? HttpVersion { get; init; }

    /// <summary>TLS towards the upstream; null for plain text.</summary>
    public BackendTlsOptions? Tls { get; init; }

    /// <summary>Proxy through which the upstream is reached; null connects directly.</summary>
    public TunnelOptions? Tunnel { get; init; }
}
