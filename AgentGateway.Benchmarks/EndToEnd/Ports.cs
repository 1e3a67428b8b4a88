namespace AgentGateway.Benchmarks.EndToEnd;

/// <summary>Ports of the upstreams.</summary>
/// <param name="Small">Small answers.</param>
/// <param name="Events">Event streams and spans.</param>
internal sealed record Ports(int Small, int Events);
