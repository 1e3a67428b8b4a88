namespace AgentGateway.McpFetch.Network;

/// <summary>A host name has no address.</summary>
internal sealed class HostNotFoundException(string host, Exception? inner)
    : Exception($"the host name '{host}' could not be resolved", inner);
