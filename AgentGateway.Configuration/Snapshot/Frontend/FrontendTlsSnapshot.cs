using AgentGateway.Configuration.Snapshot.Tls;

namespace AgentGateway.Configuration.Snapshot.Frontend;

/// <summary>TLS towards clients for all listeners (<c>frontendPolicies.tls</c>); a listener may only be stricter.</summary>
public sealed record FrontendTlsSnapshot
{
    /// <summary>Protocols offered by ALPN; empty offers <c>h2</c> and <c>http/1.1</c>.</summary>
    public EquatableArray<string> Alpn { get; init; } = [];

    /// <summary>Lowest TLS version; 1.2 by default.</summary>
    public TlsVersion MinimumVersion { get; init; } = TlsVersion.Tls12;

    /// <summary>Highest TLS version; 1.3 by default.</summary>
    public TlsVersion MaximumVersion { get; init; } = TlsVersion.Tls13;

    /// <summary>IANA names of the cipher suites that may be used where a listener names none; empty leaves the choice to the operating system.</summary>
    public EquatableArray<string> CipherSuites { get; init; } = [];
}
