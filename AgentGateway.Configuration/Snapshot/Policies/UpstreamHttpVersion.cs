namespace AgentGateway.Configuration.Snapshot.Policies;

/// <summary>HTTP version towards an upstream.</summary>
public enum UpstreamHttpVersion
{
    /// <summary>HTTP/1.1.</summary>
    Http11,

    /// <summary>HTTP/2.</summary>
    Http2,
}
