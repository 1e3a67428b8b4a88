using AgentGateway.Configuration.Snapshot.Policies;
using AgentGateway.Proxy.Policies.Cors;
using AgentGateway.Proxy.Requests;
using Microsoft.AspNetCore.Http;

namespace AgentGateway.Proxy.Policies.Csrf;

/// <summary>Policy <c>csrf</c>: refuses cross-site requests that change state (config-mcp 3.2).</summary>
internal sealed class CsrfHandler(CsrfPolicy settings) : IRequestPolicy
{
    private readonly OriginPattern[] _trusted = [.. settings.AdditionalOrigins.Select(origin => new OriginPattern(origin))];

    public ValueTask<GatewayReply?> ApplyAsync(RequestContext context) => IsSafe(context) ? default : new(GatewayReply.CsrfFailed);

    private bool IsSafe(RequestContext context)
    {
        var request = context.Http.Request;
        if (HttpMethods.IsGet(request.Method) || HttpMethods.IsHead(request.Method) || HttpMethods.IsOptions(request.Method))
        {
            return true;
        }

        var origin = request.Headers.Origin.ToString();
        var site = request.Headers["Sec-Fetch-Site"];
        if (site.Count > 0)
        {
            return site.ToString() is "same-origin" or "none" || IsTrusted(origin);
        }

        // Browsers without fetch metadata: those send Origin with every request that changes state across sites.
        return origin.Length == 0 || origin == "null" || IsOwn(origin, context) || IsTrusted(origin);
    }

    private static bool IsOwn(string origin, RequestContext context) =>
        OriginPattern.TryParse(origin, out var scheme, out var host, out var port)
        && scheme.Equals(context.Scheme, StringComparison.OrdinalIgnoreCase)
        && OriginPattern.TryParse($"{context.Scheme}://{context.Authority}", out _, out var ownHost, out var ownPort)
        && port == ownPort
        && host.Equals(ownHost, StringComparison.OrdinalIgnoreCase);

    private bool IsTrusted(string origin)
    {
        foreach (var trusted in _trusted)
        {
            if (trusted.Matches(origin))
            {
                return true;
            }
        }

        return false;
    }
}
