using System.Net;
using AgentGateway.Configuration.Snapshot;
using AgentGateway.Proxy.Backends.General;
using AgentGateway.Proxy.Backends.Health;
using AgentGateway.Proxy.Backends.Http1;
using AgentGateway.Proxy.Backends.Transport;

namespace AgentGateway.Proxy.Backends.Resolution;

/// <summary>One address of a target with its connections and its health.</summary>
internal sealed class UpstreamEndpoint : IDisposable
{
    private readonly Version? _version;
    private readonly bool _isTls;
    private readonly bool _negotiates;
    private readonly Lazy<Http1Transport> _http1;
    private readonly Lazy<IUpstreamTransport> _http2;

    public UpstreamEndpoint(EndPoint address, string name, TargetAddress target, TransportOptions options, IConnector connector, UpstreamDialer dialer, TimeProvider time)
    {
        Address = address;
        Name = name;
        Health = new EndpointHealth(time);
        _version = options.HttpVersion;
        _negotiates = _version is null && options.Tls is { Alpn: var offered } && (offered.IsEmpty || offered.Contains("h2"));
        var dialed = new EndpointDialer(address, target, options, dialer, time);
        var isPlain = options is { Tls: null, Tunnel: null };
        _http1 = new(() => new Http1Transport(isPlain ? new SocketLinks(address, options, connector) : new DialedLinks(dialed), options, time));
        _http2 = new(() => _negotiates ? new NegotiatingTransport(options, dialed, _http1.Value) : new GeneralTransport(options, dialed.DialHttp2Async));
        _isTls = options.Tls is not null;
    }

    public EndPoint Address { get; }

    /// <summary>The address as logs and metrics show it.</summary>
    public string Name { get; }

    public EndpointHealth Health { get; }

    /// <summary>The transport that speaks what the request and the settings ask for: what ALPN agrees on where nothing is asked for, else HTTP/1.1. Of plain requests gRPC
    /// needs HTTP/2, and nothing but HTTP/1.1 switches protocols.</summary>
    public IUpstreamTransport TransportFor(UpstreamRequest request) => SpeaksHttp1(request) ? _http1.Value : _http2.Value;

    public void Dispose()
    {
        if (_http2.IsValueCreated)
        {
            _http2.Value.Dispose();
        }

        if (_http1.IsValueCreated)
        {
            _http1.Value.Dispose();
        }
    }

    private bool SpeaksHttp1(UpstreamRequest request) =>
        request.Upgrade is not null || (_version is { } version ? version.Major < 2 : !_negotiates && (_isTls || !request.IsGrpc));
}
