using System.Net;
using AgentGateway.McpFetch.Network;

namespace AgentGateway.Tests.McpFetch.Network;

/// <summary>
/// Gives loopback for one name and a refusal for every other. It stands in for the address policy too, since every server of a test
/// listens on loopback.
/// </summary>
internal sealed class OneHostResolver(string host) : IHostResolver
{
    public Task<IPAddress[]> ResolveAsync(string name, CancellationToken cancellationToken) =>
        name == host ? Task.FromResult<IPAddress[]>([IPAddress.Loopback]) : throw new AddressRefusedException(name);
}
