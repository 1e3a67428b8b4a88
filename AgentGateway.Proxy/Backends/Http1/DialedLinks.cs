using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using AgentGateway.Proxy.Backends.Transport;

namespace AgentGateway.Proxy.Backends.Http1;

/// <summary>Connections through TLS or a tunnel on which nothing but HTTP/1.1 is offered.</summary>
internal sealed class DialedLinks(EndpointDialer dialer) : ILinkSource
{
    public async ValueTask<UpstreamLink> ConnectAsync(CancellationToken cancellationToken) => Of(await dialer.DialAsync(HttpVersion.Version11, cancellationToken));

    /// <summary>What a dialled connection is for HTTP/1.1.</summary>
    public static UpstreamLink Of(Stream dialled) => dialled switch
    {
        SslStream secure => new TlsLink(secure),

        // A tunnel without TLS: behind the answer to CONNECT the socket is all there is.
        NetworkStream plain => new SocketLink(plain.Socket),
        _ => throw new ArgumentException($"not a connection: {dialled.GetType()}", nameof(dialled)),
    };
}
