using AgentGateway.Proxy.Telemetry;
using Microsoft.AspNetCore.Http;

namespace AgentGateway.Proxy.Requests;

/// <summary>
/// Refuses requests whose body could be read in two ways, which the server lets pass: it would drop one of two lengths, and codings other than
/// <c>chunked</c>, where a gateway that forwards must not guess (RFC 9112, 6.1 and 6.3).
/// </summary>
internal static class RequestFraming
{
    private static readonly GatewayReply TwoLengths = GatewayReply.Failure(StatusCodes.Status400BadRequest, ResponseReason.InvalidRequest, "invalid request");

    private static readonly GatewayReply UnknownCoding =
        GatewayReply.Failure(StatusCodes.Status501NotImplemented, ResponseReason.InvalidRequest, "transfer coding is not supported");

    /// <summary>Null when the request has one reading.</summary>
    public static GatewayReply? Refuse(IHeaderDictionary headers)
    {
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
        return headers.ContainsKey("X-Content-Length") ? TwoLengths : null;
    }
}
