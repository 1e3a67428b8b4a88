using AgentGateway.Configuration.Snapshot;
using AgentGateway.Proxy.Telemetry.Otlp;

namespace AgentGateway.Proxy.Telemetry;

/// <summary>What one snapshot asks of telemetry, ready for requests. A request keeps the plan it started with.</summary>
internal sealed class TelemetryPlan
{
    /// <summary>No tracing, default access log.</summary>
    public static TelemetryPlan None { get; } = new();

    /// <summary>Tracing configuration, or null.</summary>
    public TracingSnapshot? Tracing { get; init; }

    /// <summary>Where spans go, or null.</summary>
    public TraceExporter? Exporter { get; init; }

    /// <summary>Name under which trace viewers show the process.</summary>
    public string ServiceName { get; init; } = "agentgateway";
}
