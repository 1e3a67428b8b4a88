using System.Net.Sockets;

namespace AgentGateway.Proxy.Backends.Http1;

/// <summary>Short names of socket errors for messages to clients: the runtime's own text may carry addresses.</summary>
internal static class SocketErrorText
{
    public static string Of(SocketException e) => e.SocketErrorCode switch
    {
        SocketError.ConnectionRefused => "connection refused",
        SocketError.ConnectionReset => "connection reset by peer",
        SocketError.ConnectionAborted => "connection aborted",
        SocketError.HostUnreachable => "host unreachable",
        SocketError.NetworkUnreachable => "network unreachable",
        SocketError.TimedOut => "connection timed out",
        SocketError.Shutdown => "broken pipe",
        SocketError.HostNotFound => "host not found",
        SocketError.AddressNotAvailable => "address not available",
        _ => e.SocketErrorCode.ToString(),
    };
}
