using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace AgentGateway.Proxy.Listeners;

/// <summary>Turns configured addresses (<c>ip:port</c>, <c>localhost:port</c>, <c>unix:/path</c>) into Kestrel endpoints.</summary>
internal static class ListenAddress
{
    /// <summary>Every interface: both families when the machine has IPv6 and the configuration wants it.</summary>
    public static IPEndPoint Any(int port, bool enableIpv6) =>
        new(enableIpv6 && Socket.OSSupportsIPv6 ? IPAddress.IPv6Any : IPAddress.Any, port);

    /// <summary>
    /// Removes the socket file that a process left behind when it was killed: nobody answers there, and no other process could ever open the address.
    /// </summary>
    public static void RemoveStale(string address)
    {
        if (!address.StartsWith("unix:", StringComparison.Ordinal))
        {
            return;
        }

        // A socket has no length; what has one is somebody's file.
        var file = new FileInfo(address["unix:".Length..]);
        if (file is not { Exists: true, Length: 0 })
        {
            return;
        }

        using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            socket.Connect(new UnixDomainSocketEndPoint(file.FullName));
        }
        catch (SocketException error) when (error.SocketErrorCode == SocketError.ConnectionRefused)
        {
            file.Delete();
        }
        catch (SocketException)
        {
            // Opening the address will say what is wrong with it.
        }
    }

    /// <summary>Adds the endpoint that <paramref name="address"/> names.</summary>
    /// <exception cref="FormatException">The address has none of the known forms.</exception>
    public static void Listen(KestrelServerOptions options, string address)
    {
        if (address.StartsWith("unix:", StringComparison.Ordinal))
        {
            options.ListenUnixSocket(address["unix:".Length..]);
            return;
        }

        var colon = address.LastIndexOf(':');
        if (colon > 0
            && address[..colon].Equals("localhost", StringComparison.OrdinalIgnoreCase)
            && int.TryParse(address.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var port))
        {
            if (port == 0)
            {
                options.Listen(IPAddress.Loopback, 0);
            }
            else
            {
                options.ListenLocalhost(port);
            }

            return;
        }

        if (!IPEndPoint.TryParse(address, out var endpoint))
        {
            throw new FormatException($"'{address}' is no address: write ip:port, [ipv6]:port, localhost:port or unix:/path");
        }

        options.Listen(endpoint.Address.Equals(IPAddress.IPv6Any) && !Socket.OSSupportsIPv6 ? new IPEndPoint(IPAddress.Any, endpoint.Port) : endpoint);
    }
}
