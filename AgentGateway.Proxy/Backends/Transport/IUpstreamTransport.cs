namespace AgentGateway.Proxy.Backends.Transport;

/// <summary>Sends requests to one upstream endpoint. Two ways exist: the gateway's own pooled client for HTTP/1.1, plain or behind TLS and tunnels, and the general one
/// over <see cref="System.Net.Http.SocketsHttpHandler"/> for HTTP/2. Instances are shared by all requests.</summary>
internal interface IUpstreamTransport : IDisposable
{
    /// <summary>
    /// Sends one attempt and returns once the head of the final response has arrived. The caller disposes of the response in every case;
    /// only then may the request body be touched again.
    /// </summary>
    /// <exception cref="UpstreamException">The attempt failed; <see cref="UpstreamException.Failure"/> says where.</exception>
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> was cancelled; the upstream connection is closed.</exception>
    ValueTask<UpstreamResponse> SendAsync(UpstreamRequest request, CancellationToken cancellationToken);
}
