namespace AgentGateway.Proxy.Policies.Documents;

/// <summary>A document that was never fetched is needed.</summary>
/// <param name="address">Where it should come from.</param>
/// <param name="problem">What went wrong.</param>
internal sealed class RemoteDocumentException(Uri address, string problem) : IOException($"fetch {address}: {problem}");
