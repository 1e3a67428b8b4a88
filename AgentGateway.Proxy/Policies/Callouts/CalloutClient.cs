using System.Net;
using System.Text;
using AgentGateway.Configuration.Snapshot;
using AgentGateway.Proxy.Backends.Transport;
using Grpc.Net.Client;

namespace AgentGateway.Proxy.Policies.Callouts;

/// <summary>Connections to one service that policies call: plain HTTP and gRPC over the same pool.</summary>
internal sealed class CalloutClient : IDisposable
{
    private readonly SocketsHttpHandler _handler;
    private GrpcChannel? _channel;

    public CalloutClient(TargetAddress target, TransportOptions options, UpstreamDialer dialer)
    {
        Target = target;
        Version = options.HttpVersion;
        var scheme = options.Tls is null ? "http" : "https";
        var host = target.UnixPath is not null ? "localhost" : target.Host.Contains(':') ? $"[{target.Host}]:{target.Port}" : $"{target.Host}:{target.Port}";
        Address = new Uri($"{scheme}://{host}");
        _handler = new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            AutomaticDecompression = DecompressionMethods.None,
            UseCookies = false,
            UseProxy = false,
            ActivityHeadersPropagator = null,
            EnableMultipleHttp2Connections = true,
            ConnectTimeout = options.ConnectTimeout,
            PooledConnectionIdleTimeout = options.PoolIdleTimeout,
            PooledConnectionLifetime = TimeSpan.FromMinutes(5),
            MaxResponseHeadersLength = 64,
            RequestHeaderEncodingSelector = static (_, _) => Encoding.UTF8,
            ResponseHeaderEncodingSelector = static (_, _) => Encoding.UTF8,
            ConnectCallback = (connection, cancellationToken) => dialer.DialForHandlerAsync(target, options, connection.InitialRequestMessage.Version, cancellationToken),
        };
        Http = new HttpMessageInvoker(_handler, disposeHandler: false);
    }

    public TargetAddress Target { get; }

    /// <summary>HTTP version of plain requests; null for 1.1.</summary>
    public Version? Version { get; }

    /// <summary>Scheme and authority.</summary>
    public Uri Address { get; }

    public HttpMessageInvoker Http { get; }

    /// <summary>gRPC over HTTP/2, without TLS by prior knowledge.</summary>
    public GrpcChannel Channel => _channel ??= GrpcChannel.ForAddress(Address, new GrpcChannelOptions
    {
        HttpHandler = _handler,
        DisposeHttpClient = false,
        MaxReceiveMessageSize = CalloutHttp.MaxResponseLength,
    });

    public void Dispose()
    {
        _channel?.Dispose();
        Http.Dispose();
        _handler.Dispose();
    }
}
