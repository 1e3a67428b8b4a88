using Microsoft.AspNetCore.Http;

namespace AgentGateway.Proxy.Mcp;

/// <summary>Reads the body of a client's request.</summary>
internal static class McpRequestBody
{
    /// <summary>
    /// Returns the body, or null when it is larger than the bound. The array is not pooled: the request record keeps slices of it until the
    /// request has ended.
    /// </summary>
    public static ValueTask<byte[]?> ReadAsync(HttpRequest request, CancellationToken cancellationToken) =>
        Upstreams.BoundedBody.ReadAsync(request.Body, request.ContentLength, McpLimits.RequestBytes, cancellationToken);
}
