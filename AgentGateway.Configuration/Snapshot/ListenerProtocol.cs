namespace AgentGateway.Configuration.Snapshot;

/// <summary>Wire protocol of a listener (configuration key <c>protocol</c>).</summary>
public enum ListenerProtocol
{
    /// <summary>HTTP/1.1 and HTTP/2 with prior knowledge, without TLS.</summary>
    Http,

    /// <summary>HTTP/1.1 and HTTP/2 over TLS.</summary>
    Https,

    /// <summary>Plain TCP, forwarded as bytes.</summary>
    Tcp,

    /// <summary>TLS: passed through by SNI, or terminated and forwarded as bytes when certificates are given.</summary>
    Tls,
}
