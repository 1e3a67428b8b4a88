using System.Net;
using System.Runtime.CompilerServices;
using AgentGateway.Proxy.Backends.Http1;
using AgentGateway.Proxy.Backends.Transport;

namespace AgentGateway.Proxy.Backends.General;

/// <summary>
/// The transport to an upstream behind TLS that may choose between HTTP/2 and HTTP/1.1. Requests go to the client of what it chose last; a connection on which
/// it chooses the other sends them, before a byte of them has gone, to the other client.
/// </summary>
internal sealed class NegotiatingTransport : IUpstreamTransport, ILinkSource
{
    // A request that is sent to and fro ends where HTTP/1.1 alone is offered.
    private const int LastTurn = 2;

    private readonly EndpointDialer _dialer;
    private readonly Http1Transport _http1;
    private readonly GeneralTransport _http2;
    private volatile bool _choseHttp1;

    /// <param name="options">How connections are made.</param>
    /// <param name="dialer">Makes them.</param>
    /// <param name="http1">The client of HTTP/1.1; it stays its owner's.</param>
    public NegotiatingTransport(TransportOptions options, EndpointDialer dialer, Http1Transport http1)
    {
        _dialer = dialer;
        _http1 = http1;
        _http2 = new GeneralTransport(options, ConnectHttp2Async);
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<UpstreamResponse> SendAsync(UpstreamRequest request, CancellationToken cancellationToken)
    {
        for (var turn = 0; turn < LastTurn; turn++)
        {
            try
            {
                return await (_choseHttp1 ? _http1.SendAsync(request, this, cancellationToken) : _http2.SendAsync(request, cancellationToken));
            }
            catch (OtherProtocolException)
            {
                // The other client speaks it.
            }
        }

        return await _http1.SendAsync(request, cancellationToken);
    }

    /// <summary>A connection for the client of HTTP/1.1.</summary>
    public async ValueTask<UpstreamLink> ConnectAsync(CancellationToken cancellationToken)
    {
        var stream = await _dialer.DialAsync(HttpVersion.Version20, cancellationToken);
        if (!EndpointDialer.IsHttp2(stream))
        {
            return DialedLinks.Of(stream);
        }

        // Rare enough (an upstream that has changed) for the client of HTTP/2 to make its own.
        await stream.DisposeAsync();
        _choseHttp1 = false;
        throw new OtherProtocolException();
    }

    public void Dispose() => _http2.Dispose();

    private async ValueTask<Stream> ConnectHttp2Async(CancellationToken cancellationToken)
    {
        if (!_choseHttp1)
        {
            var stream = await _dialer.DialAsync(HttpVersion.Version20, cancellationToken);
            if (EndpointDialer.IsHttp2(stream))
            {
                return stream;
            }

            _http1.Add(DialedLinks.Of(stream));
            _choseHttp1 = true;
        }

        // Also to the requests that have waited for a connection of HTTP/2 meanwhile.
        throw new OtherProtocolException();
    }
}
