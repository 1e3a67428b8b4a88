using System.Buffers;
using AgentGateway.Proxy.Telemetry;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;

namespace AgentGateway.Proxy.Requests;

/// <summary>
/// Refuses requests that could be read in two ways, which the server lets pass: it would drop one of two lengths, and codings other than
/// <c>chunked</c>, where a gateway that forwards must not guess (RFC 9112, 6.1 and 6.3); and of HTTP/2 it takes what HTTP/1.1 cannot carry
/// (RFC 9113, 8.2 and 10.3).
/// </summary>
internal static class RequestFraming
{
    private static readonly SearchValues<char> TokenCharacters = SearchValues.Create("!#$%&'*+-.^_`|~0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ");

    // Whoever reads the message otherwise than this server has another idea of where the next one begins.
    private static readonly GatewayReply TwoReadings = Closing(GatewayReply.InvalidRequest);

    private static readonly GatewayReply UnknownCoding =
        Closing(GatewayReply.Failure(StatusCodes.Status501NotImplemented, ResponseReason.InvalidRequest, "transfer coding is not supported"));

    /// <summary>Null when the request has one reading.</summary>
    public static GatewayReply? Refuse(HttpRequest request, string target)
    {
        var headers = request.Headers;
        if (request.Protocol.Length == "HTTP/2".Length)
        {
            return RefuseHttp2(headers, target);
        }

        var coding = headers.TransferEncoding;
        if (coding.Count == 0)
        {
            return null;
        }

        if (coding.Count != 1 || !string.Equals(coding[0], "chunked", StringComparison.OrdinalIgnoreCase))
        {
            return UnknownCoding;
        }

        // The name under which Kestrel puts a Content-Length that stood beside Transfer-Encoding.
        return headers.ContainsKey("X-Content-Length") ? TwoReadings : null;
    }

    private static GatewayReply? RefuseHttp2(IHeaderDictionary headers, string target)
    {
        if (headers.TransferEncoding.Count > 0 || target.AsSpan().ContainsAnyInRange('\0', ' ') || target.Contains('\u007f'))
        {
            return GatewayReply.InvalidRequest;
        }

        foreach (var (name, _) in headers)
        {
            if (name.AsSpan().ContainsAnyExcept(TokenCharacters) && name[0] != ':')
            {
                return GatewayReply.InvalidRequest;
            }
        }

        return null;
    }

    private static GatewayReply Closing(GatewayReply reply) => new()
    {
        Status = reply.Status,
        Reason = reply.Reason,
        Error = reply.Error,
        Body = reply.Body,
        Headers = [new(HeaderNames.Connection, "close")],
    };
}
