using AgentGateway.Cel;
using AgentGateway.Configuration.Expressions;
using AgentGateway.Configuration.Snapshot;
using AgentGateway.Proxy.Telemetry.Fields;
using AgentGateway.Proxy.Telemetry.Otlp;

namespace AgentGateway.Proxy.Telemetry;

/// <summary>What one snapshot asks of telemetry, ready for requests. A request keeps the plan it started with.</summary>
internal sealed class TelemetryPlan
{
    private TelemetryPlan()
    {
    }

    /// <summary>No tracing, default access log.</summary>
    public static TelemetryPlan None { get; } = new();

    /// <summary>Tracing configuration, or null.</summary>
    public TracingSnapshot? Tracing { get; private init; }

    /// <summary>Where spans go, or null.</summary>
    public TraceExporter? Exporter { get; private init; }

    /// <summary>Name under which trace viewers show the process.</summary>
    public string ServiceName { get; private init; } = "agentgateway";

    /// <summary>What is changed about spans.</summary>
    public FieldSet SpanFields { get; private init; } = FieldSet.None;

    /// <summary>What is changed about lines of the access log.</summary>
    public FieldSet LogFields { get; private init; } = FieldSet.None;

    /// <summary>True when a sampling decision reads the request body, which must be kept before it is made.</summary>
    public bool SamplingReadsBody { get; private init; }

    /// <summary>True when fields of a sampled request's spans read its body.</summary>
    public bool SpansReadBody { get; private init; }

    /// <summary>True when the access log reads request bodies.</summary>
    public bool LogReadsBody { get; private init; }

    /// <summary>True when fields of a sampled request's spans read the body of its response.</summary>
    public bool SpansReadResponseBody { get; private init; }

    /// <summary>True when the access log reads bodies of responses.</summary>
    public bool LogReadsResponseBody { get; private init; }

    public static TelemetryPlan Compile(GatewaySnapshot snapshot, TraceExporter? exporter, string serviceName, MetricLabels labels)
    {
        var tracing = snapshot.Tracing;
        var spans = tracing is null ? FieldSet.None : new FieldSet(tracing.Attributes, tracing.Remove, tracing.Filter, isSpan: true);
        var lines = new FieldSet(snapshot.AccessLog.Add, snapshot.AccessLog.Remove, snapshot.AccessLog.Filter, isSpan: false);
        return new TelemetryPlan
        {
            Tracing = tracing,
            Exporter = exporter,
            ServiceName = serviceName,
            SpanFields = spans,
            LogFields = lines,
            SamplingReadsBody = new[] { tracing?.RandomSampling, tracing?.ClientSampling, tracing?.ParentNotSampled }.Any(rule => rule?.Expression is { } expression && ReadsBody(expression.Program)),
            SpansReadBody = spans.Programs.Any(ReadsBody),
            LogReadsBody = lines.Programs.Concat(labels.Programs).Any(ReadsBody),
            SpansReadResponseBody = spans.Programs.Any(ReadsResponseBody),
            LogReadsResponseBody = lines.Programs.Concat(labels.Programs).Any(ReadsResponseBody),
        };
    }

    private static bool ReadsResponseBody(CelProgram program) =>
        program.Attributes.Reads(GatewayVariables.Response, ResponseMember.Body) || program.Attributes.Reads(GatewayVariables.Response, ResponseMember.BodyPrefix);

    private static bool ReadsBody(CelProgram program) =>
        program.Attributes.Reads(GatewayVariables.Request, RequestMember.Body) || program.Attributes.Reads(GatewayVariables.Request, RequestMember.BodyPrefix);
}
