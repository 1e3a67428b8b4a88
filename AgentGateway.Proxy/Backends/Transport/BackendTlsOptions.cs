using System.Collections.Immutable;
using System.Security.Cryptography.X509Certificates;

namespace AgentGateway.Proxy.Backends.Transport;

/// <summary>TLS towards an upstream (backend policy <c>backendTLS</c>), with files already loaded.</summary>
internal sealed record BackendTlsOptions
{
    private readonly int _hash;
    private readonly object? _identity;

    /// <summary>
    /// The settings that these options were loaded from: options of equal settings are equal and share connections, though their certificates are
    /// other objects after a reload. Without it options are equal only to themselves.
    /// </summary>
    public object? Identity
    {
        get => _identity;
        init
        {
            _identity = value;
            _hash = value?.GetHashCode() ?? 0;
        }
    }

    /// <summary>Certificate that identifies the gateway, or null.</summary>
    public SslClientCertificate? ClientCertificate { get; init; }

    /// <summary>Roots that the upstream's certificate must lead to; null uses the system's.</summary>
    public X509Certificate2Collection? Roots { get; init; }

    /// <summary>Name for SNI and verification; null uses the host of the target.</summary>
    public string? ServerName { get; init; }

    /// <summary>No verification at all (<c>insecure</c>).</summary>
    public bool SkipVerification { get; init; }

    /// <summary>The chain is verified, the name is not (<c>insecureHost</c>).</summary>
    public bool SkipNameCheck { get; init; }

    /// <summary>Names of which the certificate must carry one, instead of <see cref="ServerName"/>; empty checks the server name.</summary>
    public ImmutableArray<string> SubjectAltNames { get; init; } = [];

    /// <summary>Protocols offered by ALPN, such as <c>h2</c> and <c>http/1.1</c>; empty offers both.</summary>
    public ImmutableArray<string> Alpn { get; init; } = [];

    public bool Equals(BackendTlsOptions? other) => ReferenceEquals(this, other) || (_identity is not null && other is not null && _hash == other._hash && _identity.Equals(other._identity));

    // Computed once: it stands in the key of every call's endpoints.
    public override int GetHashCode() => _hash;
}
