using System.Diagnostics.Metrics;
using System.Text.Json;

namespace AgentGateway.McpFetch.Fetching;

/// <summary>The meter of this process.</summary>
internal sealed class FetchTelemetry : IDisposable
{
    /// <summary>Name of the meter: the application's, which the service defaults listen to.</summary>
    internal const string MeterName = "AgentGateway.McpFetch";

    private readonly Meter _meter;
    private readonly Counter<long> _failures;

    public FetchTelemetry(IMeterFactory meters)
    {
        _meter = meters.Create(MeterName);
        _failures = _meter.CreateCounter<long>("mcpfetch.fetch.failures", "{failure}", "Calls of the fetch tool that ended in a tool error.");
    }

    public void Dispose() => _meter.Dispose();

    internal void Failed(FetchFailure failure) =>
        _failures.Add(1, new KeyValuePair<string, object?>("error.type", JsonNamingPolicy.SnakeCaseLower.ConvertName(failure.ToString())));
}
