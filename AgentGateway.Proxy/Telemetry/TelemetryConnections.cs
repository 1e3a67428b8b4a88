using AgentGateway.Proxy.Telemetry.Logging;
using AgentGateway.Proxy.Telemetry.Otlp;

namespace AgentGateway.Proxy.Telemetry;

/// <summary>What telemetry takes from the outside world; tests give their own.</summary>
internal sealed record TelemetryConnections
{
    /// <summary>The real ones.</summary>
    public static TelemetryConnections Process { get; } = new();

    /// <summary>Source of trace ids, span ids and sampling decisions. Must be safe for several threads.</summary>
    public Random Random { get; init; } = Random.Shared;

    /// <summary>Where access log lines go; null writes none.</summary>
    public LogOutput? AccessLog { get; init; }

    /// <summary>Makes the network of one exporter.</summary>
    public Func<HttpMessageHandler> ExportHandler { get; init; } = OtlpClient.CreateHandler;

    /// <summary>Reads a variable of the environment.</summary>
    public Func<string, string?> Environment { get; init; } = System.Environment.GetEnvironmentVariable;

    /// <summary>Name of this machine, for the resource of exports.</summary>
    public string HostName { get; init; } = System.Environment.MachineName;
}
