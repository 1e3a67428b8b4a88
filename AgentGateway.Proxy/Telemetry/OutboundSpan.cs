using AgentGateway.Proxy.Telemetry.Attributes;
using AgentGateway.Proxy.Telemetry.Tracing;

namespace AgentGateway.Proxy.Telemetry;

/// <summary>What an outbound call is for; attribute <c>agentgateway.outbound.kind</c>.</summary>
internal enum OutboundKind
{
    Primary,
    Policy,
    Mirror,
}

/// <summary>Text of <see cref="OutboundKind"/>.</summary>
internal static class OutboundKindText
{
    public static string Text(this OutboundKind kind) => kind switch
    {
        OutboundKind.Primary => nameof(OutboundKind.Primary),
        OutboundKind.Policy => nameof(OutboundKind.Policy),
        _ => nameof(OutboundKind.Mirror),
    };
}

/// <summary>
/// The client span of one call that a request makes. It is emitted with the span of its request, so it must be finished before the request
/// ends; one that is not ends with the request.
/// </summary>
internal sealed class OutboundSpan
{
    /// <summary>Attributes beyond this count are not recorded.</summary>
    internal const int MaxAttributes = 64;

    private readonly Lock _lock = new();
    private readonly TimeProvider _time;
    private readonly bool _recorded;
    private readonly AttributeList _attributes;
    private string? _traceparent;

    internal OutboundSpan(TimeProvider time, TraceContext context, OutboundKind kind, string subtype, string name, bool recorded)
    {
        _time = time;
        _recorded = recorded;
        Context = context;
        Kind = kind;
        Subtype = subtype;
        Name = name;
        StartTimestamp = time.GetTimestamp();
        _attributes = new AttributeList(recorded ? 8 : 0);
    }

    public OutboundKind Kind { get; }

    public string Subtype { get; }

    /// <summary>Name of the span; may be made more precise until the span ends.</summary>
    public string Name { get; set; }

    /// <summary>Value of the <c>traceparent</c> header (and of <c>_meta.traceparent</c>) that the callee receives.</summary>
    public string Traceparent => _traceparent ??= Context.ToString();

    internal TraceContext Context { get; }

    internal long StartTimestamp { get; }

    internal long EndTimestamp { get; private set; }

    /// <summary>Message of the error status, or null when the call did not fail.</summary>
    internal string? ErrorMessage { get; private set; }

    /// <summary>Sets a string attribute; null and empty set nothing.</summary>
    public void Set(string key, string? value)
    {
        if (!string.IsNullOrEmpty(value))
        {
            Set(AttributeKey.Of(key), value);
        }
    }

    /// <summary>Sets an integer attribute.</summary>
    public void Set(string key, long value) => Set(AttributeKey.Of(key), value);

    /// <summary>Marks the call as failed: attribute <c>error.type</c> (a <see cref="ResponseReason"/> or a gRPC code name) and an error status.</summary>
    public void Fail(string errorType, string message)
    {
        Set(AttributeKeys.ErrorType, errorType);
        lock (_lock)
        {
            ErrorMessage = message;
        }
    }

    /// <summary>Takes the end time. Only the first call counts.</summary>
    public void End()
    {
        lock (_lock)
        {
            if (EndTimestamp == 0)
            {
                EndTimestamp = _time.GetTimestamp();
            }
        }
    }

    internal void Set(AttributeKey key, AttributeValue value)
    {
        if (!_recorded)
        {
            return;
        }

        lock (_lock)
        {
            if (_attributes.Count < MaxAttributes || _attributes.Contains(key))
            {
                _attributes.Replace(key, value);
            }
        }
    }

    /// <summary>Reads the span consistently, even when a late writer is still at it.</summary>
    internal void Read<TState>(TState state, Action<TState, OutboundSpan, AttributeList> reader)
    {
        lock (_lock)
        {
            reader(state, this, _attributes);
        }
    }
}
