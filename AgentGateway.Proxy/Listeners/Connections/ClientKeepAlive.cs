using System.Net.Sockets;
using AgentGateway.Configuration.Snapshot.Frontend;

namespace AgentGateway.Proxy.Listeners.Connections;

/// <summary>TCP keep-alive probes of client connections (<c>frontendPolicies.tcp.keepalives</c>).</summary>
internal static class ClientKeepAlive
{
    public static void Set(Socket socket, TcpKeepAliveSnapshot probes)
    {
        if (socket.AddressFamily == AddressFamily.Unix)
        {
            return;
        }

        socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.KeepAlive, true);
        socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveTime, (int)Math.Max(1, probes.Time.TotalSeconds));
        socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveInterval, (int)Math.Max(1, probes.Interval.TotalSeconds));
        socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveRetryCount, probes.Retries);
    }
}
