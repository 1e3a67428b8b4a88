namespace AgentGateway.McpFetch.Network;

/// <summary>Every address of a host is private, so no connection was made.</summary>
internal sealed class AddressRefusedException(string host)
    : Exception($"the address of host '{host}' is private, loopback, link-local or otherwise not public")
{
    /// <summary>The host as the URL names it.</summary>
    internal string Host { get; } = host;
}
