namespace AgentGateway.Proxy.Telemetry.Metrics;

/// <summary>Type of a metric family, as the exposition format names it.</summary>
internal enum MetricType
{
    Counter,
    Gauge,
    Histogram,
    Info,
}
