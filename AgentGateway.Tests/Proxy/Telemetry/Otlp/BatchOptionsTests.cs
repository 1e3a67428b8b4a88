using AgentGateway.Proxy.Telemetry.Otlp;
using Xunit;

namespace AgentGateway.Tests.Proxy.Telemetry.Otlp;

public sealed class BatchOptionsTests
{
    [Fact]
    public void FromEnvironment_Nothing_HasTheDefaultsOfOpenTelemetry()
    {
        var options = BatchOptions.FromEnvironment(static _ => null);

        Assert.Equal((2048, 512, TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(30)), (options.MaxQueueSize, options.MaxBatchSize, options.ScheduleDelay, options.ExportTimeout));
    }

    [Fact]
    public void FromEnvironment_Values_AreTaken()
    {
        var options = BatchOptions.FromEnvironment(static name => name switch
        {
            "OTEL_BSP_MAX_QUEUE_SIZE" => "100",
            "OTEL_BSP_MAX_EXPORT_BATCH_SIZE" => "200",
            "OTEL_BSP_SCHEDULE_DELAY" => "20",
            "OTEL_BSP_EXPORT_TIMEOUT" => "-1",
            _ => null,
        });

        Assert.Equal((100, 100, TimeSpan.FromMilliseconds(20), TimeSpan.FromSeconds(30)), (options.MaxQueueSize, options.MaxBatchSize, options.ScheduleDelay, options.ExportTimeout));
    }
}
