using System.Collections.Frozen;
using System.Net;
using Microsoft.AspNetCore.Http;

namespace AgentGateway.Proxy.Listeners.Connections;

/// <summary>
/// What is known of a connection before its first request: a feature of the connection that every request of it can read.
/// </summary>
/// <param name="sensitiveHeaders">Headers that <c>redacted()</c> masks besides the ones it always does.</param>
internal sealed class ConnectionFacts(FrozenSet<string> sensitiveHeaders)
{
    /// <summary>Headers that <c>redacted()</c> masks besides the ones it always does.</summary>
    public FrozenSet<string> SensitiveHeaders => sensitiveHeaders;

    /// <summary>Peer of the socket itself, also when a PROXY header named another client (<c>source.rawAddress</c>).</summary>
    public EndPoint? RawRemote { get; init; }

    /// <summary>Counts the connection's bytes; null on connections that are not counted.</summary>
    public ConnectionMeter? Meter { get; init; }

    /// <summary>Closes the connection at its greatest age; null where it has none.</summary>
    public ConnectionAge? Age { get; init; }

    /// <summary>Key of the listener that the TLS server name chose; null on a connection without TLS.</summary>
    public string? TlsListenerKey { get; set; }

    /// <summary>Server name of the TLS handshake, in lower case.</summary>
    public string? ServerName { get; set; }

    /// <summary>SPIFFE identity of the client's verified certificate; null without one.</summary>
    public string? Identity { get; set; }

    /// <summary>Header fields of the CONNECT request that opened the tunnel around this connection (<c>source.connectHeaders</c>); null without a tunnel.</summary>
    public IHeaderDictionary? ConnectHeaders { get; set; }

    /// <summary>Host of the CONNECT request's authority; null without a tunnel.</summary>
    public string? TunnelHost { get; set; }

    /// <summary>Port of the CONNECT request's authority; 0 without a tunnel.</summary>
    public int TunnelPort { get; set; }

    /// <summary>Knows the connection while an HTTP server has it; null before.</summary>
    public HttpConnections? HttpConnections { get; set; }

    /// <summary>Tunnels around this connection.</summary>
    public int TunnelDepth { get; set; }
}
