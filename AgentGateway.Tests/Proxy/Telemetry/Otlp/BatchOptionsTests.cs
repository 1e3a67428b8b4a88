using AgentGateway.Proxy.Telemetry.Otlp;
using Xunit;

namespace AgentGateway.Tests.Proxy.Telemetry.Otlp;

public sealed class BatchOptionsTests
{
    [Theory]
    [InlineData(false, 5)]
    [InlineData(true, 1)]
    public void FromEnvironment_Nothing_HasTheDefaultsOfOpenTelemetry(bool logs, int seconds)
    {
        var options = BatchOptions.FromEnvironment(static _ => null, logs ? OtlpSignal.Logs : OtlpSignal.Traces);

        Assert.Equal((2048, 512, TimeSpan.FromSeconds(seconds), TimeSpan.FromSeconds(30)), (options.MaxQueueSize, options.MaxBatchSize, options.ScheduleDelay, options.ExportTimeout));
    }

    [Theory]
    [InlineData(false, "OTEL_BSP")]
    [InlineData(true, "OTEL_BLRP")]
    public void FromEnvironment_Values_AreTaken(bool logs, string prefix)
    {
        var values = new Dictionary<string, string>
        {
            [prefix + "_MAX_QUEUE_SIZE"] = "100",
            [prefix + "_MAX_EXPORT_BATCH_SIZE"] = "200",
            [prefix + "_SCHEDULE_DELAY"] = "20",
            [prefix + "_EXPORT_TIMEOUT"] = "-1",
        };

        var options = BatchOptions.FromEnvironment(name => values.GetValueOrDefault(name), logs ? OtlpSignal.Logs : OtlpSignal.Traces);

        Assert.Equal((100, 100, TimeSpan.FromMilliseconds(20), TimeSpan.FromSeconds(30)), (options.MaxQueueSize, options.MaxBatchSize, options.ScheduleDelay, options.ExportTimeout));
    }
}
