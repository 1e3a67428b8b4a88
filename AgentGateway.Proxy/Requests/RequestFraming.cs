using AgentGateway.Proxy.Telemetry;
using Microsoft.AspNetCore.Http;

namespace AgentGateway.Proxy.Requests;

/// <summary>
/// Refuses requests that could be read in two ways, which the server lets pass: it would drop one of two lengths, and codings other than
/// <c>chunked</c>, where a gateway that forwards must not guess (RFC 9112, 6.1 and 6.3); and of HTTP/2 it takes what HTTP/1.1 cannot carry
/// (RFC 9113, 8.2 and 10.3).
/// </summary>
internal static class RequestFraming
{
    // Whoever reads the message otherwise than this server has another idea of where the next one begins.
    private static readonly GatewayReply TwoReadings = GatewayReply.Closing(StatusCodes.Status400BadRequest, "invalid request");

    private static readonly GatewayReply TooManyFields = GatewayReply.Closing(StatusCodes.Status431RequestHeaderFieldsTooLarge, "too many header fields");

    private static readonly GatewayReply HeadersTooLarge =
        GatewayReply.Failure(StatusCodes.Status431RequestHeaderFieldsTooLarge, ResponseReason.InvalidRequest, "header fields are too large");

    // What a field counts beside its name and value (RFC 9113, 6.5.2).
    private const int FieldOverhead = 32;

    private static readonly GatewayReply UnknownCoding = GatewayReply.Closing(StatusCodes.Status501NotImplemented, "transfer coding is not supported");

    /// <summary>Null when the request has one reading.</summary>
    public static GatewayReply? Refuse(RequestContext context)
    {
        var request = context.Http.Request;
        var headers = request.Headers;
        if (request.Protocol.Length == "HTTP/2".Length)
        {
            return !IsHttp11(headers, context, out var size) ? GatewayReply.InvalidRequest
                : size > context.Runtime.Snapshot.Frontend.Http.Http2MaxHeaderSize ? HeadersTooLarge
                : null;
        }

        if (context.Runtime.Snapshot.Frontend.Http.Http1MaxHeaders is { } most && CountLines(headers) > most)
        {
            return TooManyFields;
        }

        // A target has no fragment (RFC 9112, 3.2): who cuts it off and who takes it for a part of the path see two paths.
        if (context.Target.Contains('#', StringComparison.Ordinal))
        {
            return GatewayReply.InvalidRequest;
        }

        var coding = headers.TransferEncoding;
        if (coding.Count == 0)
        {
            return null;
        }

        // Whoever speaks HTTP/1.0 does not know the coding and takes the body for the next request (RFC 9112, 6.1).
        if (request.Protocol == "HTTP/1.0")
        {
            return TwoReadings;
        }

        if (coding.Count != 1 || !string.Equals(coding[0], "chunked", StringComparison.OrdinalIgnoreCase))
        {
            return UnknownCoding;
        }

        // The name under which Kestrel puts a Content-Length that stood beside Transfer-Encoding.
        return headers.ContainsKey("X-Content-Length") ? TwoReadings : null;
    }

    private static int CountLines(IHeaderDictionary headers)
    {
        var count = 0;
        foreach (var (_, values) in headers)
        {
            count += values.Count;
        }

        return count;
    }

    private static bool IsHttp11(IHeaderDictionary headers, RequestContext context, out long size)
    {
        size = 0;
        // An authority is optional there, but a request for nobody has no listener and no upstream.
        var target = context.Target.AsSpan();
        if (headers.TransferEncoding.Count > 0 || headers.Upgrade.Count > 0 || headers.KeepAlive.Count > 0 || headers.ContainsKey("Proxy-Connection")
            || context.Authority.Length == 0 || target.ContainsAnyInRange('\0', ' ') || target.Contains('\u007f') || target.Contains('#'))
        {
            return false;
        }

        foreach (var (name, values) in headers)
        {
            if (!HttpToken.IsValid(name) && !name.StartsWith(':'))
            {
                return false;
            }

            for (var i = 0; i < values.Count; i++)
            {
                size += name.Length + (values[i]?.Length ?? 0) + FieldOverhead;
            }
        }

        return true;
    }
}
