using System.Globalization;
using System.Net;
using AgentGateway.Proxy.Requests;
using AgentGateway.Proxy.Telemetry.Tracing;
using Microsoft.AspNetCore.Http;

namespace AgentGateway.Proxy.Telemetry;

internal sealed partial class RequestRecord
{
    /// <summary>Spans of one request beyond this count are not recorded; their calls still carry trace context.</summary>
    internal const int MaxOutboundSpans = 256;

    private readonly Lock _outboundLock = new();
    private readonly List<OutboundSpan> _outbound = [];
    private GatewayTelemetry? _telemetry;

    // Text of the peer address: the same for all requests of a connection, so it is made once.
    private IPAddress? _peer;
    private int _peerPort;
    private string _peerText = "";

    /// <summary>Wall-clock time of the request's start.</summary>
    internal DateTimeOffset StartTime;

    /// <summary>Monotonic time of the request's start, in ticks of the <see cref="TimeProvider"/>.</summary>
    internal long StartTimestamp;

    /// <summary>Monotonic time at which the first call to the backend was begun; 0 when there was none.</summary>
    internal long UpstreamTimestamp;

    /// <summary>Monotonic time at which the head of the response was ready; 0 when there was none.</summary>
    internal long ResponseHeadTimestamp;

    /// <summary>Monotonic time at which the policies of the response had run; 0 when there were none.</summary>
    internal long ResponseReadyTimestamp;

    /// <summary>Monotonic time of the end of the response; 0 before.</summary>
    internal long EndTimestamp;

    /// <summary>Wall-clock time of the end of the response; null before.</summary>
    internal DateTimeOffset? EndTime;

    // What the client sent, before policies rewrite it.
    internal string Method = "";

    /// <summary>Host as sent, with its port.</summary>
    internal string Host = "";

    /// <summary>Path with its query string as sent.</summary>
    internal string Path = "";

    internal string HttpVersion = "";

    internal bool IsGrpc;

    /// <summary>Peer of the connection as <c>ip:port</c>.</summary>
    internal string SourceAddress = "";

    /// <summary>SPIFFE identity of the client's certificate.</summary>
    public string? SourceIdentity;

    /// <summary>Configuration of telemetry that this request sees from start to end.</summary>
    internal TelemetryPlan Plan = TelemetryPlan.None;

    /// <summary>Trace context of the caller; empty when there was none.</summary>
    internal TraceContext Incoming;

    /// <summary>Trace context of this request's own span; empty when the request takes no part in a trace.</summary>
    internal TraceContext Own;

    /// <summary>Text of <see cref="Own"/>, which also serves as the source of <c>trace.id</c> and <c>span.id</c>.</summary>
    internal string? OwnText;

    /// <summary>True when spans are stored and exported.</summary>
    internal bool Recorded;

    /// <summary>Spans of the calls this request made. Read it under no lock only after the request has ended.</summary>
    internal List<OutboundSpan> Outbound => _outbound;

    /// <summary>Spans that were left out because of <see cref="MaxOutboundSpans"/>.</summary>
    internal int OutboundDropped;

    /// <summary>Called when a request starts: resets every field, because the record is used again for the next request of a connection.</summary>
    public void Begin(RequestContext context)
    {
        Reset();
        var telemetry = context.Services.Telemetry;
        _telemetry = telemetry;
        Plan = telemetry.Plan;
        StartTime = telemetry.Time.GetUtcNow();
        StartTimestamp = telemetry.Time.GetTimestamp();
        Bind = context.Bind.Snapshot.Key;

        var http = context.Http;
        var request = http.Request;
        Method = request.Method;
        HttpVersion = request.Protocol;
        Host = context.OriginalAuthority;
        Path = context.OriginalTarget;
        IsGrpc = request.ContentType is { } type && type.StartsWith("application/grpc", StringComparison.OrdinalIgnoreCase);
        SetPeer(http.Connection.RemoteIpAddress, http.Connection.RemotePort);
    }

    /// <summary>
    /// Starts the span of a call that this request makes. Null when the request takes no part in a trace: the call then forwards the
    /// client's trace headers as they came. Otherwise the callee must receive <see cref="OutboundSpan.Traceparent"/>. May be called by
    /// several threads at a time.
    /// </summary>
    public OutboundSpan? StartOutbound(OutboundKind kind, string subtype, string name)
    {
        if (kind == OutboundKind.Primary)
        {
            MarkUpstream();
        }

        if (Own.IsEmpty || _telemetry is not { } telemetry)
        {
            return null;
        }

        var recorded = Recorded;
        lock (_outboundLock)
        {
            if (recorded && _outbound.Count >= MaxOutboundSpans)
            {
                OutboundDropped++;
                recorded = false;
            }

            var span = new OutboundSpan(telemetry.Time, Own with { SpanId = SpanId.Random(telemetry.Random) }, kind, subtype, name, recorded);
            if (recorded)
            {
                _outbound.Add(span);
            }

            return span;
        }
    }

    /// <summary>Takes the time at which the request goes to its backend for the first time.</summary>
    public void MarkUpstream()
    {
        if (UpstreamTimestamp == 0 && _telemetry is { } telemetry)
        {
            UpstreamTimestamp = telemetry.Time.GetTimestamp();
        }
    }

    /// <summary>Counts a call to an upstream that began at <paramref name="started"/>.</summary>
    public void CountCall(OutboundKind kind, string subtype, long started)
    {
        if (_telemetry is { } telemetry)
        {
            telemetry.Metrics.UpstreamCall(kind, subtype, telemetry.Time.GetElapsedTime(started));
        }
    }

    /// <summary>Takes the gRPC status from the headers or trailers of a response, where it stands there.</summary>
    public void NoteGrpcStatus(IHeaderDictionary fields)
    {
        if (fields.TryGetValue("grpc-status", out var value) && int.TryParse(value.ToString(), NumberStyles.None, CultureInfo.InvariantCulture, out var status))
        {
            GrpcStatus = status;
        }
    }

    internal void SetPeer(IPAddress? address, int port)
    {
        if (address is null)
        {
            SourceAddress = "";
            return;
        }

        if (!ReferenceEquals(address, _peer) || port != _peerPort)
        {
            _peer = address;
            _peerPort = port;
            _peerText = new IPEndPoint(address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address, port).ToString();
        }

        SourceAddress = _peerText;
    }

    /// <summary>Forgets everything; called at the end of a request so that an idle connection keeps nothing alive.</summary>
    internal void Reset()
    {
        Bind = "";
        Gateway = "default/default";
        Listener = null;
        Route = null;
        RouteRule = null;
        PathMatch = null;
        Backend = null;
        Endpoint = null;
        Protocol = "http";
        Reason = ResponseReason.Upstream;
        Error = null;
        RetryAttempt = 0;
        ResponseBytes = 0;
        GrpcStatus = null;

        McpMethod = null;
        McpTarget = null;
        McpTargets = null;
        McpResourceType = null;
        McpResourceUri = null;
        McpToolName = null;
        McpPromptName = null;
        McpSessionId = null;
        McpErrorCode = null;
        McpErrorMessage = null;
        McpToolArguments = default;
        McpToolResult = default;
        McpToolError = default;

        A2aMethod = null;
        A2aOutcome = null;
        A2aErrorCode = null;
        A2aResultKind = null;
        A2aTaskState = null;
        A2aContextId = null;
        ResetIdentity();

        _telemetry = null;
        _outbound.Clear();
        StartTime = default;
        StartTimestamp = 0;
        UpstreamTimestamp = 0;
        ResponseHeadTimestamp = 0;
        ResponseReadyTimestamp = 0;
        EndTimestamp = 0;
        EndTime = null;
        Method = "";
        Host = "";
        Path = "";
        HttpVersion = "";
        IsGrpc = false;
        SourceAddress = "";
        SourceIdentity = null;
        Plan = TelemetryPlan.None;
        Incoming = default;
        Own = default;
        OwnText = null;
        Recorded = false;
        OutboundDropped = 0;
    }
}
