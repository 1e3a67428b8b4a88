using System.Net;
using System.Net.Sockets;

namespace AgentGateway.Tests;

/// <summary>Ports for servers whose address must stand in a configuration before they start, and for upstreams that are down.</summary>
internal static class TestPorts
{
    // Below the range that the operating system takes ports from by itself (32768 and up): nothing else gets one between its choice and its use.
    private const int First = 16_000;
    private const int Count = 16_000;

    private static int _next = System.Random.Shared.Next(Count);

    /// <summary>Ports that nobody uses, each given once.</summary>
    public static int[] Free(int count)
    {
        var ports = new int[count];
        for (var i = 0; i < count; i++)
        {
            do
            {
                ports[i] = First + (int)((uint)Interlocked.Increment(ref _next) % Count);
            }
            while (!IsFree(ports[i]));
        }

        return ports;
    }

    /// <summary>Takes a port of loopback on which every connection is refused, until the result is disposed of.</summary>
    public static Socket Refusing(out int port)
    {
        // Bound but not listening: the port is nobody else's, and connections to it are refused.
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        port = ((IPEndPoint)socket.LocalEndPoint!).Port;
        return socket;
    }

    private static bool IsFree(int port)
    {
        using var listener = new TcpListener(IPAddress.Any, port);
        try
        {
            listener.Start();
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
