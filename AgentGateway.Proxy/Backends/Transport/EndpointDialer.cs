using System.Net;
using System.Net.Security;
using AgentGateway.Configuration.Snapshot;
using AgentGateway.Proxy.Backends.General;

namespace AgentGateway.Proxy.Backends.Transport;

/// <summary>Makes the connections to one address of a target that begin with a tunnel, TLS or HTTP/2.</summary>
/// <param name="endpoint">What to connect to: the target's address, or its proxy's where there is a tunnel.</param>
/// <param name="target">The target as it was configured.</param>
/// <param name="options">How connections are made.</param>
/// <param name="dialer">Makes them.</param>
/// <param name="time">Measures their timeout.</param>
internal sealed class EndpointDialer(EndPoint endpoint, TargetAddress target, TransportOptions options, UpstreamDialer dialer, TimeProvider time)
{
    /// <summary>Connects for requests of a version; of HTTP/2 the upstream may choose HTTP/1.1 instead.</summary>
    /// <exception cref="UpstreamException">No connection.</exception>
    public async ValueTask<Stream> DialAsync(Version version, CancellationToken cancellationToken)
    {
        using var timeout = new CancellationTokenSource(options.ConnectTimeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
        try
        {
            var protocols = options.Tls is { } tls ? BackendTlsAuthentication.ProtocolsOf(tls, version) : null;
            return await dialer.DialAsync(endpoint, target, options, protocols, either.Token);
        }
        catch (OperationCanceledException e)
        {
            // By the token that was given, for who compares.
            cancellationToken.ThrowIfCancellationRequested();
            throw new UpstreamException(UpstreamFailure.ConnectTimeout, "connect timed out", e);
        }
    }

    /// <summary>Connects for HTTP/2 and nothing else.</summary>
    /// <exception cref="UpstreamException">No connection, or not one of HTTP/2.</exception>
    public async ValueTask<Stream> DialHttp2Async(CancellationToken cancellationToken)
    {
        var stream = await DialAsync(HttpVersion.Version20, cancellationToken);
        if (options.Tls is null || IsHttp2(stream))
        {
            return stream;
        }

        await stream.DisposeAsync();
        throw new UpstreamException(UpstreamFailure.Connect, "the upstream does not speak the HTTP version that is asked for");
    }

    /// <summary>What the upstream chose.</summary>
    public static bool IsHttp2(Stream stream) => stream is SslStream secure && secure.NegotiatedApplicationProtocol == SslApplicationProtocol.Http2;
}
