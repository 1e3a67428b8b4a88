using AgentGateway.Cel;
using AgentGateway.Configuration;
using AgentGateway.Configuration.Snapshot;
using AgentGateway.Configuration.Snapshot.Policies;
using AgentGateway.Proxy.Requests;
using AgentGateway.Proxy.Telemetry.Attributes;
using AgentGateway.Proxy.Telemetry.Fields;
using AgentGateway.Proxy.Telemetry.Logging;
using AgentGateway.Proxy.Telemetry.Metrics;
using AgentGateway.Proxy.Telemetry.Otlp;
using AgentGateway.Proxy.Telemetry.Traces;
using AgentGateway.Proxy.Telemetry.Tracing;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.Net.Http.Headers;

namespace AgentGateway.Proxy.Telemetry;

/// <summary>The telemetry of the process: sampling at the start of a request; metrics, spans and access log at its end.</summary>
internal sealed partial class GatewayTelemetry : IAsyncDisposable
{
    // Scratch space of the thread that completes a request. Completion never awaits, so one for each thread is enough.
    [ThreadStatic]
    private static AttributeList? _scratchList;
    [ThreadStatic]
    private static AttributeList? _changedList;
    [ThreadStatic]
    private static ByteBuffer? _scratchBuffer;

    // Larger scratch buffers (a request with whole prompts in its attributes) are given back instead of kept.
    private const int MaxKeptScratch = 256 * 1024;

    private readonly ILogger _logger;
    private readonly TelemetryConnections _connections;
    private readonly AccessLog? _accessLog;
    private readonly MetricLabels _labels;

    // At level debug of the access log, connections and requests have numbers.
    private readonly bool _numbered;
    private long _requests;

    private readonly ExporterSlot _spanExport;
    private readonly ExporterSlot _logExport;
    private volatile TelemetryPlan _plan = TelemetryPlan.None;

    public GatewayTelemetry(StaticSettings settings, TimeProvider time, ILoggerFactory logging, TelemetryConnections? connections = null)
    {
        Settings = settings;
        Time = time;
        _logger = logging.CreateLogger("agentgateway::telemetry");
        _connections = connections ?? TelemetryConnections.Process;
        Random = _connections.Random;
        var level = LevelDirectives.Parse(settings.LogLevel).LevelOf(AccessLog.Target);
        _accessLog = _connections.AccessLog is { } output && level <= LogLevel.Information ? new AccessLog(output, settings.LogJson) : null;
        _numbered = level <= LogLevel.Debug;
        _labels = new MetricLabels(settings.Metrics.Fields?.Add ?? EquatableMap<Expression>.Empty);
        _spanExport = new ExporterSlot(OtlpSignal.Traces, _connections, time, _logger);
        _logExport = new ExporterSlot(OtlpSignal.Logs, _connections, time, _logger);
        Metrics = new GatewayMetrics(() => _spanExport.Sent, () => _spanExport.Dropped, () => _logExport.Sent, () => _logExport.Dropped);
        foreach (var name in settings.Metrics.Remove)
        {
            Metrics.Remove(name);
        }
    }

    public StaticSettings Settings { get; }

    public TimeProvider Time { get; }

    public ILogger Logger => _logger;

    /// <summary>Last traces of the process.</summary>
    public TraceStore Traces { get; } = new();

    /// <summary>Metrics of the process.</summary>
    public GatewayMetrics Metrics { get; }

    /// <summary>Source of span ids and sampling.</summary>
    internal Random Random { get; }

    /// <summary>What the current snapshot asks of telemetry.</summary>
    internal TelemetryPlan Plan => _plan;

    /// <summary>Decides whether the request is traced; called once the listener is known and before any policy runs.</summary>
    public void DecideSampling(RequestContext context)
    {
        var record = context.Record;
        var headers = context.Http.Request.Headers;
        if (headers.TryGetValue(HeaderNames.TraceParent, out var values) && values.Count > 0 && TraceContext.TryParse(values[0], out var caller))
        {
            record.Incoming = caller;
        }

        var evaluator = new RequestSampling(context, Random);
        var decision = SamplingDecision.Make(record.Plan.Tracing, record.Incoming, ref evaluator);
        if (!decision.Propagated)
        {
            return;
        }

        var incoming = record.Incoming;
        if (incoming.IsEmpty)
        {
            record.Own = new TraceContext(0, TraceId.Random(Random), SpanId.Random(Random), TraceContext.SampledFlag);
        }
        else
        {
            // The flag tells upstreams what was decided here, so that a trace is whole from here on (OpenTelemetry's parent-based sampling).
            var flags = decision.Recorded ? (byte)(incoming.Flags | TraceContext.SampledFlag) : incoming.Flags;
            record.Own = incoming with { SpanId = SpanId.Random(Random), Flags = flags };
        }

        record.Recorded = decision.Recorded;
        record.OwnText = record.Own.ToString();
        headers[HeaderNames.TraceParent] = record.OwnText;
    }

    /// <summary>True when the body must be kept before <see cref="DecideSampling"/>, because the decision reads it.</summary>
    public static bool SamplingReadsBody(RequestContext context) => context.Record.Plan.SamplingReadsBody;

    /// <summary>Has the bodies recorded that logs and spans of this request read at its end; called after <see cref="DecideSampling"/>.</summary>
    public static void RecordBodies(RequestContext context)
    {
        var record = context.Record;
        var plan = record.Plan;
        if ((plan.LogReadsBody || (record.Recorded && plan.SpansReadBody)) && !context.IsRequestBodyBuffered)
        {
            context.RecordRequestBody();
        }

        if (plan.LogReadsResponseBody || (record.Recorded && plan.SpansReadResponseBody))
        {
            context.RecordResponseBody();
        }
    }

    /// <summary>Called when the last byte of the response was written, or the request was aborted.</summary>
    public void Complete(RequestContext context, Exception? exception)
    {
        var record = context.Record;
        if (exception is not null)
        {
            record.Error ??= exception.Message;
            if (record.Reason == ResponseReason.Upstream)
            {
                record.Reason = ResponseReason.Internal;
            }
        }

        var end = Time.GetTimestamp();
        record.EndTimestamp = end;
        record.EndTime = Time.GetUtcNow();

        // Whatever the client was told, expressions of this phase may read it.
        context.HasResponseHead = true;
        context.UseRecordedResponse();
        var labels = _labels.Render(context);
        TimeSpan? processing = record.UpstreamTimestamp == 0 ? null : Time.GetElapsedTime(record.StartTimestamp, record.UpstreamTimestamp);
        TimeSpan? response = record.UpstreamTimestamp == 0 || record.ResponseHeadTimestamp == 0 ? null
            : record.ResponseReadyTimestamp == 0 ? TimeSpan.Zero
            : Time.GetElapsedTime(record.ResponseHeadTimestamp, record.ResponseReadyTimestamp);
        Metrics.Request(record, context.Http.Response.StatusCode, Time.GetElapsedTime(record.StartTimestamp, end), processing, response, labels);
        if (record.Recorded || _accessLog is not null || record.Plan.LogExporter is not null)
        {
            Emit(context, record, end);
        }

        record.Reset();
    }

    /// <summary>Called when a connection that was forwarded without HTTP has ended.</summary>
    public void CompleteTcp(TcpRecord record, ICelActivation variables)
    {
        var duration = Time.GetElapsedTime(record.StartTimestamp);
        Metrics.TcpConnection(record, duration, _labels.Render(variables));
        var plan = _plan;
        if (_accessLog is not null && plan.LogFields.Keeps(variables))
        {
            using var buffer = new ByteBuffer(1024);
            _accessLog.Write(buffer, Time.GetUtcNow(), AttributesOf(record, duration, plan.LogFields, variables));
        }

        if (plan.LogExporter is { } exporter && plan.ExportedLogFields.Keeps(variables))
        {
            using var buffer = new ByteBuffer(1024);
            LogRecordWriter.Write(buffer, Time.GetUtcNow(), default, AttributesOf(record, duration, plan.ExportedLogFields, variables));
            if (!exporter.TryAdd(buffer.WrittenSpan, 1))
            {
                _plan.LogExporter?.TryAdd(buffer.WrittenSpan, 1);
            }
        }
    }

    /// <summary>Called with each snapshot before requests see it.</summary>
    public void Configure(GatewaySnapshot snapshot)
    {
        var tracing = snapshot.Tracing is { } wanted && AddressOf(wanted.Endpoint, wanted.Target, snapshot, "tracing") is { } collector ? wanted with { Endpoint = collector } : null;
        var logs = snapshot.AccessLog.Otlp is { } otlp && AddressOf(otlp.Endpoint, otlp.Target, snapshot, "accessLog.otlp") is { } receiver
            ? new OtlpDestination(receiver, otlp.Protocol, otlp.Headers, tracing?.Resources ?? EquatableMap<Expression>.Empty)
            : null;
        var resource = new Lazy<Otlp.Resource>(() => ResourceOf(tracing), LazyThreadSafetyMode.None);
        var exporter = _spanExport.For(
            tracing is null ? null : new OtlpDestination(tracing.Endpoint, tracing.Protocol, tracing.Headers, tracing.Resources), () => resource.Value, out var replaced);
        var logExporter = _logExport.For(logs, () => resource.Value, out var replacedLog);
        Metrics.SetSynchronized(true);
        _plan = TelemetryPlan.Compile(snapshot with { Tracing = tracing }, exporter, logExporter, resource.IsValueCreated ? resource.Value.ServiceName : _plan.ServiceName, _labels);

        // They still send what they hold; requests under way hand theirs to the successors.
        if (replaced is not null)
        {
            _spanExport.Retire(replaced);
        }

        if (replacedLog is not null)
        {
            _logExport.Retire(replacedLog);
        }
    }

    /// <summary>Answers <c>GET /api/traces</c>: newest first, the spans of a trace as a tree.</summary>
    public async Task WriteTracesAsync(HttpContext context)
    {
        var response = context.Response;
        if (!TraceQuery.TryParse(context.Request.Query, out var query, out var error))
        {
            response.StatusCode = StatusCodes.Status400BadRequest;
            response.ContentType = "text/plain; charset=utf-8";
            await response.WriteAsync(error, context.RequestAborted);
            return;
        }

        response.ContentType = "application/json; charset=utf-8";
        TraceJson.Write(response.BodyWriter, Traces.Read(query.Limit, query.TraceId, query.Service));
        await response.BodyWriter.FlushAsync(context.RequestAborted);
    }

    /// <summary>Answers <c>GET /metrics</c>.</summary>
    public async Task WriteMetricsAsync(HttpContext context)
    {
        using var buffer = new ByteBuffer(16 * 1024);
        Metrics.WriteTo(buffer);
        context.Response.ContentType = GatewayMetrics.MediaTypeFor(context.Request.Headers.Accept);
        context.Response.ContentLength = buffer.Length;
        await context.Response.BodyWriter.WriteAsync(buffer.WrittenMemory, context.RequestAborted);
    }

    /// <summary>Sends what waits now, wherever spans and records go.</summary>
    public Task FlushAsync() => Task.WhenAll(_spanExport.FlushAsync(), _logExport.FlushAsync());

    public async ValueTask DisposeAsync()
    {
        await Task.WhenAll(_spanExport.DisposeAsync().AsTask(), _logExport.DisposeAsync().AsTask());
    }

    private static AttributeList AttributesOf(TcpRecord record, TimeSpan duration, FieldSet fields, ICelActivation variables)
    {
        // Connections are few beside requests: a list of their own is no cost.
        var list = new AttributeList();
        RequestAttributes.Collect(record, (long)duration.TotalMilliseconds, list);
        fields.Apply(variables, list);
        return list;
    }

    private Uri? AddressOf(Uri endpoint, BackendReference? target, GatewaySnapshot snapshot, string policy)
    {
        var address = CollectorAddress.Resolve(endpoint, target, snapshot, policy, out var problem);
        if (problem is not null)
        {
            LogNoCollector(policy, problem);
        }

        return address;
    }

    private Otlp.Resource ResourceOf(TracingSnapshot? tracing)
    {
        var resource = Otlp.Resource.Create(tracing, _connections.Environment, _connections.HostName);
        foreach (var (name, reason) in resource.Failed)
        {
            LogNoResource(name, reason);
        }

        return resource;
    }

    private void Emit(RequestContext context, RequestRecord record, long end)
    {
        var list = _scratchList ??= new AttributeList();
        var buffer = _scratchBuffer ??= new ByteBuffer(4096);
        try
        {
            var milliseconds = (long)Time.GetElapsedTime(record.StartTimestamp, end).TotalMilliseconds;
            if (_numbered)
            {
                list.Add(AttributeKeys.ConnectionId, ConnectionNumber.Of(context.Http.Connection.Id));
                list.Add(AttributeKeys.RequestId, Interlocked.Increment(ref _requests));
            }

            RequestAttributes.Collect(record, context.Http.Response.StatusCode, milliseconds, context.Http.Request.Scheme, list);
            var plan = record.Plan;
            if (record.Recorded && plan.SpanFields.Keeps(context))
            {
                string? name = null;
                var attributes = plan.SpanFields.IsEmpty ? list : Changed(context, plan.SpanFields, list, out name);
                EmitSpans(record, attributes, name, buffer, end);
            }

            EmitLog(context, record, list, buffer);
        }
        finally
        {
            list.Clear();
            _changedList?.Clear();
            buffer.Clear();
            if (buffer.Capacity > MaxKeptScratch)
            {
                _scratchBuffer = null;
                buffer.Dispose();
            }
        }
    }

    private void EmitLog(RequestContext context, RequestRecord record, AttributeList list, ByteBuffer buffer)
    {
        var plan = record.Plan;
        AttributeList? shown = null;
        if (_accessLog is not null)
        {
            shown = Shown(context, plan.LogFields, list);
            if (shown is not null)
            {
                _accessLog.Write(buffer, record.EndTime!.Value, shown);
            }
        }

        if (plan.LogExporter is not { } exporter)
        {
            return;
        }

        // An export without wishes of its own shows what the line shows, and nothing is evaluated twice.
        if (_accessLog is null || !ReferenceEquals(plan.ExportedLogFields, plan.LogFields))
        {
            shown = Shown(context, plan.ExportedLogFields, list);
        }

        if (shown is null)
        {
            return;
        }

        buffer.Clear();
        LogRecordWriter.Write(buffer, record.EndTime!.Value, record.OwnText is null ? default : record.Own, shown);
        if (!exporter.TryAdd(buffer.WrittenSpan, 1))
        {
            _plan.LogExporter?.TryAdd(buffer.WrittenSpan, 1);
        }
    }

    private static AttributeList? Shown(RequestContext context, FieldSet fields, AttributeList defaults) =>
        !fields.Keeps(context) ? null : fields.IsEmpty ? defaults : Changed(context, fields, defaults, out _);

    private static AttributeList Changed(RequestContext context, FieldSet fields, AttributeList defaults, out string? spanName)
    {
        var list = _changedList ??= new AttributeList();
        list.Clear();
        list.AddRange(defaults);
        spanName = fields.Apply(context, list);
        return list;
    }

    private void EmitSpans(RequestRecord record, AttributeList list, string? name, ByteBuffer buffer, long end)
    {
        buffer.Clear();
        var count = SpanWriter.Write(buffer, record, list, name, end, Time);
        Traces.Add(record.Own.TraceId, record.Plan.ServiceName, buffer.WrittenSpan);
        if (record.Plan.Exporter is { } exporter && !exporter.TryAdd(buffer.WrittenSpan, count))
        {
            _plan.Exporter?.TryAdd(buffer.WrittenSpan, count);
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "resource attribute {Name} is left out: {Reason}; expressions of `resources` see no request, only `env` and literals")]
    private partial void LogNoResource(string name, string reason);

    [LoggerMessage(Level = LogLevel.Warning, Message = "ignoring invalid {Policy} policy: {Problem}")]
    private partial void LogNoCollector(string policy, string problem);
}
