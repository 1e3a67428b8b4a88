using System.Net;

namespace AgentGateway.McpFetch.Network;

/// <summary>Turns a host name into addresses. Injected so that tests decide what a name means.</summary>
internal interface IHostResolver
{
    /// <summary>Resolves <paramref name="host"/>, which may also be a literal address.</summary>
    /// <exception cref="System.Net.Sockets.SocketException">The name does not resolve.</exception>
    Task<IPAddress[]> ResolveAsync(string host, CancellationToken cancellationToken);
}
