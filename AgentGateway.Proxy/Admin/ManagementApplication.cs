using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace AgentGateway.Proxy.Admin;

/// <summary>One endpoint of a management server.</summary>
/// <param name="Method">HTTP method; a GET endpoint answers HEAD as well.</param>
/// <param name="Path">Exact path.</param>
/// <param name="Handler">Writes the response.</param>
internal sealed record ManagementEndpoint(string Method, string Path, Func<HttpContext, Task> Handler);

/// <summary>
/// A management server's few endpoints, by exact path. A guard may refuse a request before any endpoint sees it.
/// </summary>
internal sealed class ManagementApplication(IReadOnlyList<ManagementEndpoint> endpoints, Func<HttpContext, string?>? guard = null) : IHttpApplication<HttpContext>
{
    public HttpContext CreateContext(IFeatureCollection contextFeatures) => new DefaultHttpContext(contextFeatures);

    public Task ProcessRequestAsync(HttpContext context)
    {
        if (guard?.Invoke(context) is { } refusal)
        {
            return WriteAsync(context, StatusCodes.Status403Forbidden, refusal);
        }

        var request = context.Request;
        List<string>? allowed = null;
        foreach (var endpoint in endpoints)
        {
            if (!string.Equals(endpoint.Path, request.Path.Value, StringComparison.Ordinal))
            {
                continue;
            }

            if (string.Equals(endpoint.Method, request.Method, StringComparison.Ordinal)
                || (HttpMethods.IsHead(request.Method) && HttpMethods.IsGet(endpoint.Method)))
            {
                return endpoint.Handler(context);
            }

            (allowed ??= []).Add(endpoint.Method);
        }

        if (allowed is not null)
        {
            context.Response.Headers.Allow = string.Join(", ", allowed);
            return WriteAsync(context, StatusCodes.Status405MethodNotAllowed, "method not allowed");
        }

        return WriteAsync(context, StatusCodes.Status404NotFound, "not found");
    }

    public void DisposeContext(HttpContext context, Exception? exception)
    {
    }

    private static Task WriteAsync(HttpContext context, int status, string message)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = "text/plain";
        return context.Response.WriteAsync(message + "\n");
    }
}
