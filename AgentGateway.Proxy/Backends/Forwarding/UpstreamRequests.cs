using AgentGateway.Proxy.Backends.Transport;
using AgentGateway.Proxy.Requests;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace AgentGateway.Proxy.Backends.Forwarding;

/// <summary>Builds the upstream's request from the client's.</summary>
internal static class UpstreamRequests
{
    public static UpstreamRequest Create(RequestContext context)
    {
        var http = context.Http;
        var source = http.Request;
        var request = new UpstreamRequest
        {
            Method = source.Method,
            Target = context.Target,
            Host = context.Authority,
            Headers = source.Headers,
            ContentLength = source.ContentLength,
            AcceptsTrailers = AcceptsTrailers(source.Headers),
        };
        if (source.Method == "CONNECT" && http.Features.Get<IHttpExtendedConnectFeature>() is { IsExtendedConnect: true, Protocol: { } protocol })
        {
            // RFC 8441: what HTTP/2 opens with CONNECT, HTTP/1.1 opens with GET and a key.
            request.Method = "GET";
            request.Upgrade = protocol;
            request.Headers = CopyOf(source.Headers);
            request.Headers.SecWebSocketKey = Convert.ToBase64String(Guid.NewGuid().ToByteArray());
            return request;
        }

        if (source.Headers.Upgrade is [{ Length: > 0 } upgrade] && http.Features.Get<IHttpUpgradeFeature>() is { IsUpgradableRequest: true })
        {
            request.Upgrade = upgrade;
            return request;
        }

        if (http.Features.Get<IHttpRequestBodyDetectionFeature>() is not { CanHaveBody: false })
        {
            request.Body = source.BodyReader;
            request.Trailers = http.Features.Get<IHttpRequestTrailersFeature>();
            request.ExpectContinue = source.Headers.Expect is [{ } expect] && expect.Equals("100-continue", StringComparison.OrdinalIgnoreCase);
        }

        return request;
    }

    /// <summary>A copy for an attempt that policies change, so that the next attempt starts from what the client sent.</summary>
    public static HeaderDictionary CopyOf(IHeaderDictionary headers)
    {
        var copy = new HeaderDictionary(headers.Count);
        foreach (var (name, values) in headers)
        {
            copy[name] = values;
        }

        return copy;
    }

    private static bool AcceptsTrailers(IHeaderDictionary headers) =>
        headers.TE is { Count: > 0 } te && te.ToString().Contains("trailers", StringComparison.OrdinalIgnoreCase);
}
