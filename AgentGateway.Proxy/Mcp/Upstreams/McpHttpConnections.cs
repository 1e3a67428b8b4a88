using System.Collections.Concurrent;
using System.Net;
using System.Text;
using AgentGateway.Configuration.Snapshot;
using AgentGateway.Proxy.Backends.Transport;

namespace AgentGateway.Proxy.Mcp.Upstreams;

/// <summary>
/// Connections to the HTTP servers of one MCP backend: a pool for each way in which routes call them (TLS, proxy, HTTP version). Trace context is
/// written by the gateway itself.
/// </summary>
internal sealed class McpHttpConnections(UpstreamDialer dialer) : IDisposable
{
    private readonly ConcurrentDictionary<(TransportOptions Options, TargetAddress? UnixSocket), Lazy<HttpMessageInvoker>> _pools = new();

    /// <summary>The pool for a way of connecting.</summary>
    /// <param name="options">How connections are made.</param>
    /// <param name="unixSocket">Where to connect whatever address a request names; null connects to that address.</param>
    public HttpMessageInvoker For(TransportOptions options, TargetAddress? unixSocket) =>
        _pools.GetOrAdd((options, unixSocket), wanted => new Lazy<HttpMessageInvoker>(() => Create(wanted.Options, wanted.UnixSocket))).Value;

    /// <summary>Forgets the pools of ways that no route uses any more; streams that are open on them go on.</summary>
    public void KeepOnly(IReadOnlySet<TransportOptions> inUse)
    {
        foreach (var key in _pools.Keys)
        {
            if (!inUse.Contains(key.Options) && _pools.TryRemove(key, out var unused) && unused.IsValueCreated)
            {
                unused.Value.Dispose();
            }
        }
    }

    public void Dispose()
    {
        foreach (var pool in _pools.Values)
        {
            if (pool.IsValueCreated)
            {
                pool.Value.Dispose();
            }
        }
    }

    private HttpMessageInvoker Create(TransportOptions options, TargetAddress? unixSocket) => new(new SocketsHttpHandler
    {
        AllowAutoRedirect = false,
        UseCookies = false,
        UseProxy = false,
        AutomaticDecompression = DecompressionMethods.None,
        ConnectTimeout = options.ConnectTimeout,
        PooledConnectionIdleTimeout = options.PoolIdleTimeout,

        // Addresses behind a name change while connections live.
        PooledConnectionLifetime = TimeSpan.FromMinutes(10),
        EnableMultipleHttp2Connections = true,
        ActivityHeadersPropagator = null,
        RequestHeaderEncodingSelector = static (_, _) => Encoding.UTF8,
        ResponseHeaderEncodingSelector = static (_, _) => Encoding.UTF8,
        ConnectCallback = (connection, cancellationToken) => dialer.DialForHandlerAsync(
            unixSocket ?? new TargetAddress(connection.DnsEndPoint.Host.Trim('[', ']'), connection.DnsEndPoint.Port),
            options,
            connection.InitialRequestMessage.Version,
            cancellationToken),
    });
}
