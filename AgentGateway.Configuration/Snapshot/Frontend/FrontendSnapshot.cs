using AgentGateway.Configuration.Snapshot.Policies;

namespace AgentGateway.Configuration.Snapshot.Frontend;

/// <summary>How the gateway treats connections and requests before routing (configuration key <c>frontendPolicies</c>, transport part).</summary>
public sealed record FrontendSnapshot
{
    /// <summary>Limits and time-outs of HTTP.</summary>
    public FrontendHttpSnapshot Http { get; init; } = new();

    /// <summary>Longest time for a TLS handshake (<c>tls.handshakeTimeout</c>); 15 seconds by default.</summary>
    public TimeSpan HandshakeTimeout { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>TLS of all listeners that terminate it (<c>tls</c>).</summary>
    public FrontendTlsSnapshot Tls { get; init; } = new();

    /// <summary>TCP keep-alive probes of client connections (<c>tcp.keepalives</c>); null leaves the operating system's choice.</summary>
    public TcpKeepAliveSnapshot? KeepAlive { get; init; }

    /// <summary>PROXY protocol on every port; null when it is not expected.</summary>
    public ProxyProtocolSnapshot? ProxyProtocol { get; init; }

    /// <summary>What becomes of CONNECT requests; denied with 405 by default.</summary>
    public ConnectMode Connect { get; init; } = ConnectMode.Deny;

    /// <summary>Which connections are accepted (<c>networkAuthorization</c>); all when null.</summary>
    public AuthorizationPolicy? NetworkAuthorization { get; init; }

    /// <summary>A service that is asked whether a connection is accepted (<c>networkExtAuthz</c>).</summary>
    public ExtAuthz? NetworkExtAuthz { get; init; }
}

/// <summary>Limits and time-outs of HTTP (<c>frontendPolicies.http</c>). Null leaves the server's default.</summary>
public sealed record FrontendHttpSnapshot
{
    /// <summary>Most bytes of a body that are held in memory for policies and expressions; 2 MiB by default.</summary>
    public int MaxBufferSize { get; init; } = 2 * 1024 * 1024;

    /// <summary>Most header fields of an HTTP/1.1 request.</summary>
    public int? Http1MaxHeaders { get; init; }

    /// <summary>Time after which an idle HTTP/1.1 connection is closed; 10 minutes by default.</summary>
    public TimeSpan Http1IdleTimeout { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>HTTP/2 flow-control window of a stream, in bytes.</summary>
    public int? Http2WindowSize { get; init; }

    /// <summary>HTTP/2 flow-control window of a connection, in bytes.</summary>
    public int? Http2ConnectionWindowSize { get; init; }

    /// <summary>Largest HTTP/2 frame, 16384 to 16777215 bytes.</summary>
    public int? Http2FrameSize { get; init; }

    /// <summary>Largest HTTP/2 header field section, in bytes.</summary>
    public int? Http2MaxHeaderSize { get; init; }

    /// <summary>Interval of HTTP/2 keep-alive pings; null sends none.</summary>
    public TimeSpan? Http2KeepaliveInterval { get; init; }

    /// <summary>Time an HTTP/2 ping may stay unanswered.</summary>
    public TimeSpan? Http2KeepaliveTimeout { get; init; }

    /// <summary>Age at which a connection is closed after the request under way; null never.</summary>
    public TimeSpan? MaxConnectionDuration { get; init; }
}

/// <summary>TCP keep-alive probes.</summary>
/// <param name="Time">Idle time before the first probe.</param>
/// <param name="Interval">Time between probes.</param>
/// <param name="Retries">Probes without answer before the connection is dead.</param>
public sealed record TcpKeepAliveSnapshot(TimeSpan Time, TimeSpan Interval, int Retries);

/// <summary>PROXY protocol of a port (<c>frontendPolicies.proxyProtocol</c>, or <c>tunnelProtocol: proxy</c>).</summary>
/// <param name="Version1">True when version 1 is accepted.</param>
/// <param name="Version2">True when version 2 is accepted.</param>
/// <param name="Optional">True when a connection without the header is served as well (<c>mode: optional</c>).</param>
public sealed record ProxyProtocolSnapshot(bool Version1, bool Version2, bool Optional);

/// <summary>What becomes of CONNECT requests (<c>frontendPolicies.connect.mode</c>).</summary>
public enum ConnectMode
{
    /// <summary>405.</summary>
    Deny,

    /// <summary>Ordinary routing.</summary>
    Route,

    /// <summary>The stream re-enters the bind that has the port of the request's authority.</summary>
    Tunnel,
}
