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
    private readonly TransportOptions _options;
    private readonly Lazy<Http1Transport> _plain;
    private readonly Lazy<GeneralTransport> _general;

    public UpstreamEndpoint(EndPoint address, string name, TargetAddress target, TransportOptions options, IConnector connector, UpstreamDialer dialer, TimeProvider time)
    {
        Address = address;
        Name = name;
        Health = new EndpointHealth(time);
        _options = options;
        _plain = new(() => new Http1Transport(address, options, connector, time));
        _general = new(() => new GeneralTransport(address, target, options, dialer));
    }

    public EndPoint Address { get; }

    /// <summary>The address as logs and metrics show it.</summary>
    public string Name { get; }

    public EndpointHealth Health { get; }

    /// <summary>The transport that speaks what the request and the settings ask for. gRPC needs HTTP/2; anything else goes the fast way when plain.</summary>
    public IUpstreamTransport TransportFor(UpstreamRequest request) => NeedsGeneral(request) ? _general.Value : _plain.Value;

    public void Dispose()
    {
        if (_plain.IsValueCreated)
        {
            _plain.Value.Dispose();
        }

        if (_general.IsValueCreated)
        {
            _general.Value.Dispose();
        }
    }

    private bool NeedsGeneral(UpstreamRequest request)
    {
        if (_options.Tls is not null || _options.Tunnel is not null)
        {
            return true;
        }

        if (request.Upgrade is not null)
        {
            return false;
        }

        return _options.HttpVersion is { } version ? version.Major >= 2 : request.IsGrpc;
    }
}
