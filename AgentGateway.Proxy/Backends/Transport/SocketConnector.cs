using System.Net;
using System.Net.Sockets;
using AgentGateway.Proxy.Backends.Http1;
using AgentGateway.Proxy.Telemetry.Metrics;

namespace AgentGateway.Proxy.Backends.Transport;

/// <summary>Connections of the operating system: TCP without Nagle's delay, and Unix sockets.</summary>
internal sealed class SocketConnector(TimeProvider time, GatewayMetrics? metrics = null) : IConnector
{
    public async ValueTask<Socket> ConnectAsync(EndPoint endpoint, TransportOptions options, CancellationToken cancellationToken)
    {
        var started = time.GetTimestamp();
        var unix = endpoint.AddressFamily == AddressFamily.Unix;
        var socket = new Socket(endpoint.AddressFamily, SocketType.Stream, unix ? ProtocolType.Unspecified : ProtocolType.Tcp);
        using var timeout = new CancellationTokenSource(options.ConnectTimeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
        try
        {
            if (!unix)
            {
                Tune(socket, options.KeepAlive);
            }

            await socket.ConnectAsync(endpoint, either.Token);
            if (options is { Tls: null, Tunnel: null })
            {
                metrics?.UpstreamConnect("plaintext", time.GetElapsedTime(started));
            }

            return socket;
        }
        catch (OperationCanceledException e)
        {
            socket.Dispose();
            cancellationToken.ThrowIfCancellationRequested();
            throw new UpstreamException(UpstreamFailure.ConnectTimeout, $"connect to {endpoint} timed out", e);
        }
        catch (SocketException e)
        {
            socket.Dispose();
            throw new UpstreamException(UpstreamFailure.Connect, $"connect to {endpoint}: {SocketErrorText.Of(e)}", e);
        }
    }

    private static void Tune(Socket socket, KeepAliveOptions? keepAlive)
    {
        socket.NoDelay = true;
        if (keepAlive is null)
        {
            return;
        }

        socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.KeepAlive, true);
        socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveTime, (int)Math.Max(1, keepAlive.Time.TotalSeconds));
        socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveInterval, (int)Math.Max(1, keepAlive.Interval.TotalSeconds));
        socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveRetryCount, keepAlive.Retries);
    }
}
