using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using AgentGateway.Configuration.Snapshot;
using AgentGateway.Proxy.Backends.General;
using AgentGateway.Proxy.Backends.Resolution;
using AgentGateway.Proxy.Telemetry.Metrics;

namespace AgentGateway.Proxy.Backends.Transport;

/// <summary>Makes connections to upstreams with all that lies between socket and protocol: the tunnel through a proxy, then TLS.</summary>
internal sealed class UpstreamDialer(IConnector connector, IHostResolver resolver, TimeProvider time, GatewayMetrics? metrics = null)
{
    /// <summary>Connects to an upstream by name or address; of a name each address is tried in turn.</summary>
    /// <exception cref="UpstreamException">No connection.</exception>
    public ValueTask<Stream> DialAsync(TargetAddress target, TransportOptions options, List<SslApplicationProtocol>? protocols, CancellationToken cancellationToken) =>
        DialAsync(target, options, protocols, guarded: false, cancellationToken);

    /// <summary>Connects likewise for the runtime's HTTP client, which wants to speak a version.</summary>
    /// <exception cref="UpstreamException">No connection.</exception>
    public ValueTask<Stream> DialForHandlerAsync(TargetAddress target, TransportOptions options, Version version, CancellationToken cancellationToken) =>
        DialAsync(target, options, options.Tls is { } tls ? BackendTlsAuthentication.ProtocolsOf(tls, version) : null, guarded: true, cancellationToken);

    /// <summary>Connects to an address that is known: the upstream's own, or its proxy's where there is a tunnel.</summary>
    /// <exception cref="UpstreamException">No connection.</exception>
    public ValueTask<Stream> DialAsync(
        EndPoint endpoint, TargetAddress target, TransportOptions options, List<SslApplicationProtocol>? protocols, CancellationToken cancellationToken) =>
        DialAsync(endpoint, target, options, protocols, guarded: false, cancellationToken);

    private async ValueTask<Stream> DialAsync(
        TargetAddress target, TransportOptions options, List<SslApplicationProtocol>? protocols, bool guarded, CancellationToken cancellationToken)
    {
        using var timeout = new CancellationTokenSource(options.ConnectTimeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
        try
        {
            var endpoints = await ResolveAsync(options.Tunnel?.Proxy ?? target, either.Token);
            for (var i = 0; ; i++)
            {
                try
                {
                    return await DialAsync(endpoints[i], target, options, protocols, guarded, either.Token);
                }
                catch (UpstreamException e) when (e.Failure is UpstreamFailure.Connect && i < endpoints.Length - 1)
                {
                    // Another address of the name may answer.
                }
            }
        }
        catch (OperationCanceledException e) when (!cancellationToken.IsCancellationRequested)
        {
            throw new UpstreamException(UpstreamFailure.ConnectTimeout, $"connect to {target} timed out", e);
        }
    }

    private async ValueTask<Stream> DialAsync(
        EndPoint endpoint, TargetAddress target, TransportOptions options, List<SslApplicationProtocol>? protocols, bool guarded, CancellationToken cancellationToken)
    {
        var started = time.GetTimestamp();
        Stream stream = new NetworkStream(await connector.ConnectAsync(endpoint, options.Tunnel?.Connection ?? options, cancellationToken), ownsSocket: true);
        try
        {
            if (options.Tunnel is { } tunnel)
            {
                if (tunnel.Connection.Tls is { } proxyTls)
                {
                    stream = await SecureAsync(stream, proxyTls, tunnel.Proxy.Host, [SslApplicationProtocol.Http11], guarded, cancellationToken);
                }

                await ProxyTunnel.OpenAsync(stream, target, tunnel, cancellationToken);
            }

            if (options.Tls is { } tls)
            {
                stream = await SecureAsync(stream, tls, target.Host, protocols, guarded, cancellationToken);
            }

            if (options.Tls is not null || options.Tunnel is not null)
            {
                // Plain connections are counted where the socket is made.
                metrics?.UpstreamConnect(options.Tls is null ? "plaintext" : "tls", time.GetElapsedTime(started));
            }

            return stream;
        }
        catch
        {
            await stream.DisposeAsync();
            throw;
        }
    }

    private static async ValueTask<Stream> SecureAsync(
        Stream plain, BackendTlsOptions tls, string host, List<SslApplicationProtocol>? protocols, bool guarded, CancellationToken cancellationToken)
    {
        var secure = guarded ? new UpstreamTlsStream(plain) : new SslStream(plain);
        try
        {
            var authentication = BackendTlsAuthentication.Create(tls, host);
            authentication.ApplicationProtocols = protocols;
            await secure.AuthenticateAsClientAsync(authentication, cancellationToken);
            return secure;
        }
        catch (Exception e) when (e is AuthenticationException or IOException)
        {
            throw new UpstreamException(UpstreamFailure.Connect, $"TLS handshake failed: {e.Message}", e);
        }
    }

    private async ValueTask<EndPoint[]> ResolveAsync(TargetAddress target, CancellationToken cancellationToken)
    {
        if (target.UnixPath is { } path)
        {
            return [new UnixDomainSocketEndPoint(path)];
        }

        if (IPAddress.TryParse(target.Host, out var address))
        {
            return [new IPEndPoint(address, target.Port)];
        }

        try
        {
            var addresses = await resolver.ResolveAsync(target.Host, cancellationToken);
            return addresses.Length > 0 ? Array.ConvertAll(addresses, found => (EndPoint)new IPEndPoint(found, target.Port)) : throw new SocketException((int)SocketError.HostNotFound);
        }
        catch (SocketException e)
        {
            throw new UpstreamException(UpstreamFailure.Resolve, $"cannot resolve {target.Host}", e);
        }
    }
}
