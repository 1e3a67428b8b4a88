namespace AgentGateway.Configuration.Snapshot.Tls;

/// <summary>TLS versions that may be configured; older ones are refused at load.</summary>
public enum TlsVersion
{
    /// <summary><c>TLS_V1_2</c>.</summary>
    Tls12,

    /// <summary><c>TLS_V1_3</c>.</summary>
    Tls13,
}
