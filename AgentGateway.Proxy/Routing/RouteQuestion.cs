using Microsoft.AspNetCore.Http;

namespace AgentGateway.Proxy.Routing;

/// <summary>The parts of a request that route conditions look at.</summary>
internal readonly ref struct RouteQuestion
{
    /// <summary>Host name without port, brackets or trailing dot.</summary>
    public required ReadOnlySpan<char> HostName { get; init; }

    /// <summary>Path as the client sent it: neither decoded nor normalised, so that a route and the upstream see the same.</summary>
    public required ReadOnlySpan<char> Path { get; init; }

    /// <summary>Query with its <c>?</c>, or empty.</summary>
    public ReadOnlySpan<char> Query { get; init; }

    /// <summary>Path and query, the pseudo header <c>:path</c>.</summary>
    public required string Target { get; init; }

    public required string Method { get; init; }

    /// <summary>Host with its port, the pseudo header <c>:authority</c>.</summary>
    public required string Authority { get; init; }

    public required string Scheme { get; init; }

    public required IHeaderDictionary Headers { get; init; }
}
