using AgentGateway.Proxy.Telemetry;

namespace AgentGateway.Proxy.Mcp;

/// <summary>Ends a span with the block that made the call.</summary>
internal readonly struct SpanScope(OutboundSpan? span) : IDisposable
{
    public OutboundSpan? Span => span;

    public void Fail(string message) => span?.Fail(nameof(ResponseReason.UpstreamFailure), message);

    public void Dispose() => span?.End();
}
