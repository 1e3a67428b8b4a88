using System.Net;

namespace AgentGateway.McpFetch.Hosting;

/// <summary>
/// Refuses requests that a foreign web page makes through a visitor's browser. MCP (transports, security warning) asks servers to validate
/// <c>Origin</c>; only browsers send it, and only pages of this machine have business here. This also ends DNS rebinding, since the
/// origin keeps the foreign name.
/// </summary>
internal sealed class OriginGuard(RequestDelegate next)
{
    public Task InvokeAsync(HttpContext context)
    {
        foreach (var origin in context.Request.Headers.Origin)
        {
            if (!IsLocal(origin))
            {
                context.Response.StatusCode = StatusCodes.Status403Forbidden;
                return context.Response.WriteAsync("The Origin of this request is not allowed.", context.RequestAborted);
            }
        }

        return next(context);
    }

    private static bool IsLocal(string? origin) =>
        Uri.TryCreate(origin, UriKind.Absolute, out var uri)
        && (uri.Host.Equals("localhost", StringComparison.OrdinalIgnoreCase)
            || (IPAddress.TryParse(uri.Host.Trim('[', ']'), out var address) && IPAddress.IsLoopback(address)));
}
