using AgentGateway.Cel;
using AgentGateway.Configuration;
using AgentGateway.Configuration.Snapshot;
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

    // Counts of exporters that were replaced.
    private long _sentBefore;
    private long _droppedBefore;
    private readonly List<Task> _retiring = [];
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
        Metrics = new GatewayMetrics(() => _sentBefore + (_plan.Exporter?.Sent ?? 0), () => _droppedBefore + (_plan.Exporter?.Dropped ?? 0));
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
        if (record.Recorded || _accessLog is not null)
        {
            Emit(context, record, end);
        }

        record.Reset();
    }

    /// <summary>Called when a connection that was forwarded without HTTP has ended.</summary>
    public void CompleteTcp(TcpRecord record, ICelActivation variables)
    {
        var duration = Time.GetElapsedTime(record.StartTimestamp);
        Metrics.TcpConnection(record, duration);
        var plan = _plan;
        if (_accessLog is null || !plan.LogFields.Keeps(variables))
        {
            return;
        }

        // Connections are few beside requests: a list of their own is no cost.
        var list = new AttributeList();
        RequestAttributes.Collect(record, (long)duration.TotalMilliseconds, list);
        plan.LogFields.Apply(variables, list);
        using var buffer = new ByteBuffer(1024);
        _accessLog.Write(buffer, Time.GetUtcNow(), list);
    }

    /// <summary>Called with each snapshot before requests see it.</summary>
    public void Configure(GatewaySnapshot snapshot)
    {
        var previous = _plan;
        var tracing = CollectorAddress.Resolve(snapshot.Tracing, snapshot, out var problem);
        if (problem is not null)
        {
            LogNoCollector(problem);
        }

        var exporter = previous.Exporter;
        var service = previous.ServiceName;
        if (tracing is null)
        {
            exporter = null;
        }
        else if (exporter is null || previous.Tracing is not { } before || !SameDestination(before, tracing))
        {
            var resource = Otlp.Resource.Create(tracing, _connections.Environment, _connections.HostName);
            foreach (var (name, reason) in resource.Failed)
            {
                LogNoResource(name, reason);
            }

            service = resource.ServiceName;
            var client = new OtlpClient(tracing, resource, _connections.ExportHandler());
            exporter = new TraceExporter(client, BatchOptions.FromEnvironment(_connections.Environment), Time, _logger);
        }

        Metrics.SetSynchronized(true);
        _plan = TelemetryPlan.Compile(snapshot with { Tracing = tracing }, exporter, service, _labels);
        if (previous.Exporter is { } replaced && !ReferenceEquals(replaced, exporter))
        {
            _sentBefore += replaced.Sent;
            _droppedBefore += replaced.Dropped;

            // It still sends what it holds; requests under way hand their spans to its successor.
            _retiring.RemoveAll(static task => task.IsCompleted);
            _retiring.Add(replaced.DisposeAsync().AsTask());
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
        context.Response.ContentType = GatewayMetrics.MediaTypeFor(context.Request.Headers.Accept.ToString());
        context.Response.ContentLength = buffer.Length;
        await context.Response.BodyWriter.WriteAsync(buffer.WrittenMemory, context.RequestAborted);
    }

    /// <summary>Sends what waits now, wherever spans go.</summary>
    public Task FlushAsync() => _plan.Exporter?.FlushAsync() ?? Task.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        if (_plan.Exporter is { } exporter)
        {
            await exporter.DisposeAsync();
        }

        await Task.WhenAll(_retiring);
    }

    private static bool SameDestination(TracingSnapshot a, TracingSnapshot b) =>
        a.Endpoint == b.Endpoint && a.Protocol == b.Protocol && a.Headers.Equals(b.Headers) && a.Resources.Equals(b.Resources);

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

            if (_accessLog is not null && plan.LogFields.Keeps(context))
            {
                _accessLog.Write(buffer, record.EndTime!.Value, plan.LogFields.IsEmpty ? list : Changed(context, plan.LogFields, list, out _));
            }
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

    [LoggerMessage(Level = LogLevel.Warning, Message = "ignoring invalid tracing policy: {Problem}")]
    private partial void LogNoCollector(string problem);
}
