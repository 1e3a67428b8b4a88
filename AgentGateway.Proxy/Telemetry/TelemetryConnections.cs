namespace AgentGateway.Proxy.Telemetry;

/// <summary>What telemetry takes from the outside world; tests give their own.</summary>
internal sealed record TelemetryConnections
{
    /// <summary>The real ones.</summary>
    public static TelemetryConnections Process { get; } = new();

    /// <summary>Source of trace ids, span ids and sampling decisions. Must be safe for several threads.</summary>
    public Random Random { get; init; } = Random.Shared;
}
