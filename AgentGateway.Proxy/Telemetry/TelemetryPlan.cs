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
    public OtlpExporter? Exporter { get; private init; }

    /// <summary>Name under which trace viewers show the process.</summary>
    public string ServiceName { get; private init; } = "agentgateway";

    /// <summary>What is changed about spans.</summary>
    public FieldSet SpanFields { get; private init; } = FieldSet.None;

    /// <summary>What is changed about lines of the access log.</summary>
    public FieldSet LogFields { get; private init; } = FieldSet.None;

    /// <summary>Where records of the access log go besides its own output, or null.</summary>
    public OtlpExporter? LogExporter { get; private init; }

    /// <summary>What is changed about exported records; <see cref="LogFields"/> itself when the export has no fields and no filter of its own.</summary>
    public FieldSet ExportedLogFields { get; private init; } = FieldSet.None;

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

    public static TelemetryPlan Compile(GatewaySnapshot snapshot, OtlpExporter? exporter, OtlpExporter? logExporter, string serviceName, MetricLabels labels)
    {
        var tracing = snapshot.Tracing;
        var spans = tracing is null ? FieldSet.None : new FieldSet(tracing.Attributes, tracing.Remove, tracing.Filter, isSpan: true);
        var log = snapshot.AccessLog;
        var lines = new FieldSet(log.Add, log.Remove, log.Filter, isSpan: false);
        var exported = logExporter is null || log.Otlp is not { } otlp || (otlp.Filter is null && otlp.Fields is null)
            ? lines
            : new FieldSet(otlp.Fields?.Add ?? log.Add, otlp.Fields?.Remove ?? log.Remove, otlp.Filter ?? log.Filter, isSpan: false);
        CelProgram[] written = [.. lines.Programs, .. ReferenceEquals(exported, lines) ? [] : exported.Programs, .. labels.Programs];
        return new TelemetryPlan
        {
            Tracing = tracing,
            Exporter = exporter,
            ServiceName = serviceName,
            SpanFields = spans,
            LogFields = lines,
            LogExporter = logExporter,
            ExportedLogFields = exported,
            SamplingReadsBody = new[] { tracing?.RandomSampling, tracing?.ClientSampling, tracing?.ParentNotSampled }.Any(rule => rule?.Expression is { } expression && ReadsBody(expression.Program)),
            SpansReadBody = spans.Programs.Any(ReadsBody),
            LogReadsBody = written.Any(ReadsBody),
            SpansReadResponseBody = spans.Programs.Any(ReadsResponseBody),
            LogReadsResponseBody = written.Any(ReadsResponseBody),
        };
    }

    private static bool ReadsResponseBody(CelProgram program) =>
        program.Attributes.Reads(GatewayVariables.Response, ResponseMember.Body) || program.Attributes.Reads(GatewayVariables.Response, ResponseMember.BodyPrefix);

    private static bool ReadsBody(CelProgram program) =>
        program.Attributes.Reads(GatewayVariables.Request, RequestMember.Body) || program.Attributes.Reads(GatewayVariables.Request, RequestMember.BodyPrefix);
}
