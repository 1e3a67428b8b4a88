using AgentGateway.Proxy.Requests;

namespace AgentGateway.Proxy.Telemetry;

internal sealed partial class RequestRecord
{
    /// <summary>Called when a request starts: resets every field, because the record is used again for the next request of a connection.</summary>
    public void Begin(RequestContext context)
    {
        Bind = context.Bind.Snapshot.Key;
        Listener = null;
        Route = null;
        ResetIdentity();
        Error = null;
        ResponseBytes = 0;
    }

    /// <summary>Starts the span of a call that this request makes; null when the request is not traced.</summary>
    public OutboundSpan? StartOutbound(OutboundKind kind, string subtype, string name) =>
        kind == OutboundKind.Primary && name.Length == 0 ? new OutboundSpan(subtype) : null;
}
