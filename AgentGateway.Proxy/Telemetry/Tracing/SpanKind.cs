namespace AgentGateway.Proxy.Telemetry.Tracing;

/// <summary>Role of a span; the numbers are those of the OTLP enumeration <c>Span.SpanKind</c>.</summary>
internal enum SpanKind
{
    Unspecified = 0,
    Internal = 1,
    Server = 2,
    Client = 3,
    Producer = 4,
    Consumer = 5,
}
