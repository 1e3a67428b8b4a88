using AgentGateway.Proxy.Requests;
using AgentGateway.Proxy.Telemetry;

namespace AgentGateway.Proxy.Mcp.Messages;

/// <summary>The W3C trace context that an upstream receives.</summary>
/// <param name="Traceparent">Span of the call to this upstream, or the incoming header as it came when the request is not sampled.</param>
/// <param name="Tracestate">Incoming header, unchanged.</param>
/// <param name="Baggage">Incoming header, unchanged.</param>
/// <param name="IsOwn">True when <paramref name="Traceparent"/> names a span of this gateway.</param>
internal readonly record struct UpstreamTrace(string? Traceparent, string? Tracestate, string? Baggage, bool IsOwn)
{
    // The headers come from outside; longer ones are dropped (the W3C recommendations ask for 512 and 8192 characters at least).
    private const int LongestValue = 8192;

    public static UpstreamTrace Of(RequestContext context, OutboundSpan? span)
    {
        var headers = context.Http.Request.Headers;
        var own = span is { Traceparent.Length: > 0 };
        return new UpstreamTrace(
            own ? span!.Traceparent : Bounded(headers.TraceParent),
            Bounded(headers.TraceState),
            Bounded(headers.Baggage),
            own);
    }

    private static string? Bounded(Microsoft.Extensions.Primitives.StringValues values) =>
        values.Count == 0 ? null : values.ToString() is { Length: > 0 and <= LongestValue } text ? text : null;
}
