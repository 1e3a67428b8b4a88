namespace AgentGateway.Proxy.Telemetry.Otlp;

/// <summary>What is exported. The messages around the items have the same field numbers for all signals.</summary>
/// <param name="Name">Word for log lines.</param>
/// <param name="Items">Items for log lines.</param>
/// <param name="GrpcMethod">Path of the unary call.</param>
/// <param name="Scope">Name of the instrumentation scope.</param>
/// <param name="VariablePrefix">Start of the environment variables that bound batches.</param>
/// <param name="ScheduleDelay">Longest time an item waits when no variable says otherwise.</param>
internal sealed record OtlpSignal(string Name, string Items, string GrpcMethod, string Scope, string VariablePrefix, TimeSpan ScheduleDelay)
{
    /// <summary>Spans.</summary>
    public static OtlpSignal Traces { get; } = new(
        "trace", "span(s)", "/opentelemetry.proto.collector.trace.v1.TraceService/Export", "agentgateway", "OTEL_BSP", TimeSpan.FromSeconds(5));

    /// <summary>Records of the access log; their scope is the target of its lines (telemetry specification, 2.1).</summary>
    public static OtlpSignal Logs { get; } = new(
        "log", "record(s)", "/opentelemetry.proto.collector.logs.v1.LogsService/Export", Logging.AccessLog.Target, "OTEL_BLRP", TimeSpan.FromSeconds(1));
}
