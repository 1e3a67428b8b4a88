namespace AgentGateway.McpFetch.Fetching;

/// <summary>A page as it came over the network, decompressed.</summary>
/// <param name="Url">Address of the last hop.</param>
/// <param name="ContentType">Value of <c>Content-Type</c>, null when absent.</param>
/// <param name="Body">The bytes.</param>
internal sealed record FetchedPage(Uri Url, string? ContentType, ReadOnlyMemory<byte> Body);
