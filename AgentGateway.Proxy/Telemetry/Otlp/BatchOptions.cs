using System.Globalization;

namespace AgentGateway.Proxy.Telemetry.Otlp;

/// <summary>Bounds of the export queue. Defaults and variables are those of OpenTelemetry's batch span processor.</summary>
internal sealed record BatchOptions
{
    /// <summary>Most spans that wait; more are dropped (<c>OTEL_BSP_MAX_QUEUE_SIZE</c>).</summary>
    public int MaxQueueSize { get; init; } = 2048;

    /// <summary>Spans that are sent at once (<c>OTEL_BSP_MAX_EXPORT_BATCH_SIZE</c>).</summary>
    public int MaxBatchSize { get; init; } = 512;

    /// <summary>Longest time a span waits (<c>OTEL_BSP_SCHEDULE_DELAY</c>, milliseconds).</summary>
    public TimeSpan ScheduleDelay { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Longest time one export may take, its retry included (<c>OTEL_BSP_EXPORT_TIMEOUT</c>, milliseconds).</summary>
    public TimeSpan ExportTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Encoded bytes that are sent at once: below the 4 MiB that a gRPC server takes by default.</summary>
    public int MaxBatchBytes { get; init; } = 3 * 1024 * 1024;

    /// <summary>Encoded bytes that wait; more are dropped.</summary>
    public int MaxQueueBytes { get; init; } = 16 * 1024 * 1024;

    /// <summary>Longest time the last export may take when the process ends.</summary>
    public TimeSpan ShutdownTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Reads the environment; a value that is no positive number leaves the default.</summary>
    public static BatchOptions FromEnvironment(Func<string, string?> environment)
    {
        var defaults = new BatchOptions();
        var queue = Number(environment, "OTEL_BSP_MAX_QUEUE_SIZE", defaults.MaxQueueSize);
        return new BatchOptions
        {
            MaxQueueSize = queue,
            MaxBatchSize = Math.Min(queue, Number(environment, "OTEL_BSP_MAX_EXPORT_BATCH_SIZE", defaults.MaxBatchSize)),
            ScheduleDelay = Milliseconds(environment, "OTEL_BSP_SCHEDULE_DELAY", defaults.ScheduleDelay),
            ExportTimeout = Milliseconds(environment, "OTEL_BSP_EXPORT_TIMEOUT", defaults.ExportTimeout),
        };
    }

    private static TimeSpan Milliseconds(Func<string, string?> environment, string name, TimeSpan fallback) =>
        TimeSpan.FromMilliseconds(Number(environment, name, (int)fallback.TotalMilliseconds));

    private static int Number(Func<string, string?> environment, string name, int fallback) =>
        int.TryParse(environment(name), NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number > 0 ? number : fallback;
}
