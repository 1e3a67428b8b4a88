using System.IO.Pipelines;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace AgentGateway.Proxy.Backends.Transport;

/// <summary>
/// One attempt to call an upstream, as backend policies see and change it. Framing and hop-by-hop fields in <see cref="Headers"/> are never
/// copied to the upstream: transports write them from the typed properties, so that no header can disagree with the body that is sent.
/// </summary>
internal sealed class UpstreamRequest
{
    public required string Method { get; set; }

    /// <summary>Origin form of the request target: path with query, as it goes on the wire.</summary>
    public required string Target { get; set; }

    /// <summary>Value of <c>Host</c> or <c>:authority</c>.</summary>
    public required string Host { get; set; }

    /// <summary>End-to-end headers. A single attempt without policies shares the client's own dictionary.</summary>
    public required IHeaderDictionary Headers { get; set; }

    /// <summary>Replaces the client's <c>traceparent</c> when not null.</summary>
    public string? Traceparent { get; set; }

    /// <summary>Number of the retry, sent as <c>x-retry-attempt</c> when above 0.</summary>
    public int RetryAttempt { get; set; }

    /// <summary>Body, or null for none.</summary>
    public PipeReader? Body { get; set; }

    /// <summary>Length of the body; null when unknown (chunked).</summary>
    public long? ContentLength { get; set; }

    /// <summary>Trailers that may follow the body.</summary>
    public IHttpRequestTrailersFeature? Trailers { get; set; }

    /// <summary>The client waits for <c>100 Continue</c> before it sends the body.</summary>
    public bool ExpectContinue { get; set; }

    /// <summary>The client said <c>TE: trailers</c>.</summary>
    public bool AcceptsTrailers { get; set; }

    /// <summary>Protocol to upgrade to, such as <c>websocket</c>; null for none.</summary>
    public string? Upgrade { get; set; }

    /// <summary>True once a byte of <see cref="Body"/> was consumed: the body cannot be sent again unless it is a <see cref="ReplayableBody"/>.</summary>
    public bool BodyStarted { get; set; }

    /// <summary>The request is a gRPC call, which only HTTP/2 carries.</summary>
    public bool IsGrpc => Headers.ContentType is [{ } type] && type.StartsWith("application/grpc", StringComparison.OrdinalIgnoreCase);

    /// <summary>RFC 9110, 9.2.2: a proxy repeats only these by itself.</summary>
    public bool IsIdempotent => Method is "GET" or "HEAD" or "PUT" or "DELETE" or "OPTIONS" or "TRACE";

    /// <summary>Brings the body back to its start; false when it was begun and cannot be.</summary>
    public bool TryRestartBody()
    {
        if (!BodyStarted)
        {
            return true;
        }

        if (Body is ReplayableBody replayable && replayable.TryRestart())
        {
            BodyStarted = false;
            return true;
        }

        return false;
    }
}
