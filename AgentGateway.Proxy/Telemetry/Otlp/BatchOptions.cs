using System.Globalization;

namespace AgentGateway.Proxy.Telemetry.Otlp;

/// <summary>Bounds of the export queue. Defaults and variables are those of OpenTelemetry's batch processors: <c>OTEL_BSP_</c> for spans, <c>OTEL_BLRP_</c> for log records.</summary>
internal sealed record BatchOptions
{
    /// <summary>Most items that wait; more are dropped (<c>…MAX_QUEUE_SIZE</c>).</summary>
    public int MaxQueueSize { get; init; } = 2048;

    /// <summary>Items that are sent at once (<c>…MAX_EXPORT_BATCH_SIZE</c>).</summary>
    public int MaxBatchSize { get; init; } = 512;

    /// <summary>Longest time an item waits (<c>…SCHEDULE_DELAY</c>, milliseconds).</summary>
    public TimeSpan ScheduleDelay { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Longest time one export may take, its retry included (<c>…EXPORT_TIMEOUT</c>, milliseconds).</summary>
    public TimeSpan ExportTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Encoded bytes that are sent at once: below the 4 MiB that a gRPC server takes by default.</summary>
    public int MaxBatchBytes { get; init; } = 3 * 1024 * 1024;

    /// <summary>Encoded bytes that wait; more are dropped.</summary>
    public int MaxQueueBytes { get; init; } = 16 * 1024 * 1024;

    /// <summary>Longest time the last export may take when the process ends.</summary>
    public TimeSpan ShutdownTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Reads the environment; a value that is no positive number leaves the default.</summary>
    public static BatchOptions FromEnvironment(Func<string, string?> environment, OtlpSignal signal)
    {
        var defaults = new BatchOptions { ScheduleDelay = signal.ScheduleDelay };
        var prefix = signal.VariablePrefix;
        var queue = Number(environment, prefix + "_MAX_QUEUE_SIZE", defaults.MaxQueueSize);
        return new BatchOptions
        {
            MaxQueueSize = queue,
            MaxBatchSize = Math.Min(queue, Number(environment, prefix + "_MAX_EXPORT_BATCH_SIZE", defaults.MaxBatchSize)),
            ScheduleDelay = Milliseconds(environment, prefix + "_SCHEDULE_DELAY", defaults.ScheduleDelay),
            ExportTimeout = Milliseconds(environment, prefix + "_EXPORT_TIMEOUT", defaults.ExportTimeout),
        };
    }

    private static TimeSpan Milliseconds(Func<string, string?> environment, string name, TimeSpan fallback) =>
        TimeSpan.FromMilliseconds(Number(environment, name, (int)fallback.TotalMilliseconds));

    private static int Number(Func<string, string?> environment, string name, int fallback) =>
        int.TryParse(environment(name), NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number > 0 ? number : fallback;
}
