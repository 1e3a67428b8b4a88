using System.Net;
using System.Net.Sockets;

namespace AgentGateway.McpFetch.Network;

/// <summary>
/// Opens the TCP connections of the fetcher. The name is resolved here, the answer is checked, and the socket connects to the checked
/// address itself: a second lookup that says something else (DNS rebinding) never happens. It runs for every hop of a redirect because
/// every hop connects through it.
/// </summary>
internal sealed class GuardedConnector(IHostResolver resolver, bool allowPrivateAddresses)
{
    /// <summary>How many addresses of one name are tried.</summary>
    internal const int MaxAddresses = 8;

    /// <summary>Callback for <see cref="SocketsHttpHandler.ConnectCallback"/>.</summary>
    internal async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken cancellationToken)
    {
        var endpoint = context.DnsEndPoint;
        var addresses = await SelectAddressesAsync(endpoint.Host, cancellationToken);

        SocketException? last = null;
        foreach (var address in addresses)
        {
            var socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            try
            {
                await socket.ConnectAsync(new IPEndPoint(address, endpoint.Port), cancellationToken);
                return new NetworkStream(socket, ownsSocket: true);
            }
            catch (SocketException e)
            {
                socket.Dispose();
                last = e;
            }
            catch
            {
                socket.Dispose();
                throw;
            }
        }

        throw last ?? new SocketException((int)SocketError.HostUnreachable);
    }

    /// <summary>The addresses of <paramref name="host"/> that may be connected to, at most <see cref="MaxAddresses"/>.</summary>
    /// <exception cref="HostNotFoundException">The name has no address.</exception>
    /// <exception cref="AddressRefusedException">It has addresses, but none is allowed.</exception>
    internal async Task<List<IPAddress>> SelectAddressesAsync(string host, CancellationToken cancellationToken)
    {
        IPAddress[] resolved;
        try
        {
            // An address needs no lookup, and resolvers refuse the unspecified one instead of leaving the verdict to the policy.
            resolved = IPAddress.TryParse(host.Trim('[', ']'), out var literal) ? [literal] : await resolver.ResolveAsync(host, cancellationToken);
        }
        catch (Exception e) when (e is SocketException or ArgumentException)
        {
            throw new HostNotFoundException(host, e);
        }

        if (resolved.Length == 0)
            throw new HostNotFoundException(host, null);

        var allowed = new List<IPAddress>(Math.Min(resolved.Length, MaxAddresses));
        foreach (var address in resolved)
        {
            if (allowed.Count == MaxAddresses)
                break;
            if (allowPrivateAddresses || AddressPolicy.IsPublic(address))
                allowed.Add(address);
        }

        return allowed.Count > 0 ? allowed : throw new AddressRefusedException(host);
    }
}
