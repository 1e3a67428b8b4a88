using System.Net;
using System.Net.Sockets;
using System.Text;
using AgentGateway.Configuration.Snapshot;
using AgentGateway.Proxy.Backends.General;
using AgentGateway.Proxy.Backends.Transport;
using Grpc.Net.Client;

namespace AgentGateway.Proxy.Policies.Callouts;

/// <summary>Connections to one service that policies call: plain HTTP and gRPC over the same pool.</summary>
internal sealed class CalloutClient : IDisposable
{
    private readonly SocketsHttpHandler _handler;
    private GrpcChannel? _channel;

    public CalloutClient(TargetAddress target, BackendTlsOptions? tls)
    {
        Target = target;
        var scheme = tls is null ? "http" : "https";
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
            ConnectTimeout = TimeSpan.FromSeconds(10),
            PooledConnectionIdleTimeout = TimeSpan.FromSeconds(90),
            PooledConnectionLifetime = TimeSpan.FromMinutes(5),
            MaxResponseHeadersLength = 64,
            RequestHeaderEncodingSelector = static (_, _) => Encoding.UTF8,
            ResponseHeaderEncodingSelector = static (_, _) => Encoding.UTF8,
        };
        if (tls is not null)
        {
            _handler.SslOptions = BackendTlsAuthentication.Create(tls, target.Host);
        }

        if (target.UnixPath is { } path)
        {
            _handler.ConnectCallback = async (_, cancellationToken) =>
            {
                var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
                try
                {
                    await socket.ConnectAsync(new UnixDomainSocketEndPoint(path), cancellationToken);
                    return new NetworkStream(socket, ownsSocket: true);
                }
                catch
                {
                    socket.Dispose();
                    throw;
                }
            };
        }

        Http = new HttpMessageInvoker(_handler, disposeHandler: false);
    }

    public TargetAddress Target { get; }

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
