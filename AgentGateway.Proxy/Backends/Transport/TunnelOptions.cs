using System.Collections.Immutable;
using AgentGateway.Configuration.Snapshot;

namespace AgentGateway.Proxy.Backends.Transport;

/// <summary>An HTTP proxy through which an upstream is reached with CONNECT (backend policy <c>backendTunnel</c>).</summary>
internal sealed record TunnelOptions
{
    /// <summary>The settings that these options were made from: options of equal settings are equal and share connections.</summary>
    public required object Identity { get; init; }

    /// <summary>Address of the proxy.</summary>
    public required TargetAddress Proxy { get; init; }

    /// <summary>Connections to the proxy: TLS, connect timeout, keep-alive probes.</summary>
    public required TransportOptions Connection { get; init; }

    /// <summary>Header fields of the CONNECT request, credentials included.</summary>
    public ImmutableArray<KeyValuePair<string, string>> Headers { get; init; } = [];

    public bool Equals(TunnelOptions? other) => ReferenceEquals(this, other) || (other is not null && Identity.Equals(other.Identity));

    public override int GetHashCode() => Identity.GetHashCode();
}
