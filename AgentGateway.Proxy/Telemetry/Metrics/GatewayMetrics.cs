using System.Collections.Concurrent;
using System.Globalization;
using AgentGateway.Proxy.Hosting;
using Microsoft.Extensions.Primitives;
using Microsoft.Net.Http.Headers;

namespace AgentGateway.Proxy.Telemetry.Metrics;

/// <summary>The metrics of the process: names, labels and buckets of the telemetry specification, 2.2.</summary>
internal sealed class GatewayMetrics
{
    /// <summary>Media type of OpenMetrics text.</summary>
    public const string OpenMetrics = "application/openmetrics-text; version=1.0.0; charset=utf-8";

    /// <summary>Media type for everybody else; the text is the same.</summary>
    public const string PlainText = "text/plain;charset=utf-8";

    private const string Prefix = "agentgateway_";

    private static readonly double[] DurationBuckets = [.001, .005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5, 10, 30, 80];
    private static readonly double[] ProcessingBuckets = [.00005, .0001, .00025, .0005, .001, .0025, .005, .01, .05, .25];
    private static readonly double[] ConnectBuckets = [.0005, .0015, .0043, .0126, .0368, .108, .316, .924, 2.71, 8];
    private static readonly string[] RouteLabels = ["bind", "gateway", "listener", "route", "route_rule"];
    private static readonly string[] HttpLabels = ["backend", "protocol", "method", "status", "reason", .. RouteLabels];
    private static readonly string[] ConnectionLabels = ["bind", "gateway", "listener", "protocol"];

    // The last labels of this thread: requests of a busy gateway resemble each other.
    [ThreadStatic]
    private static (GatewayMetrics Owner, RequestLabels Labels, RequestSeries Series) _last;

    private readonly ConcurrentDictionary<RequestLabels, RequestSeries> _requestSeries = new();

    // The last series of each kind of call: nearly all calls of a kind have one subtype.
    private readonly CallSeries?[] _lastCalls = new CallSeries?[Enum.GetValues<OutboundKind>().Length];
    private readonly List<MetricFamily> _families = [];
    private readonly MetricFamily _requests;
    private readonly MetricFamily _duration;
    private readonly MetricFamily _responseBytes;
    private readonly MetricFamily _retries;
    private readonly MetricFamily _processing;
    private readonly MetricFamily _responseProcessing;
    private readonly MetricFamily _upstreamCalls;
    private readonly MetricFamily _upstreamConnects;
    private readonly MetricFamily _handshakes;
    private readonly MetricFamily _connections;
    private readonly MetricFamily _received;
    private readonly MetricFamily _sent;
    private readonly MetricFamily _mcp;
    private readonly MetricFamily _synchronized;

    public GatewayMetrics(Func<long> spansSent, Func<long> spansDropped, Func<long> recordsSent, Func<long> recordsDropped)
    {
        Add(new MetricFamily(Prefix + "build", "Build of this program", MetricType.Info, ["tag"])).Get("", BuildInformation.Version).Set(1);
        _requests = Add(new MetricFamily(Prefix + "requests", "HTTP requests", MetricType.Counter, HttpLabels));
        _duration = Add(new MetricFamily(Prefix + "request_duration_seconds", "Time from the start of a request to the end of its response", MetricType.Histogram, HttpLabels, DurationBuckets, "seconds"));
        _responseBytes = Add(new MetricFamily(Prefix + "response_bytes", "Bytes of response bodies", MetricType.Counter, HttpLabels, unit: "bytes"));
        _retries = Add(new MetricFamily(Prefix + "retries", "Attempts after the first one", MetricType.Counter, HttpLabels));
        _processing = Add(new MetricFamily(Prefix + "request_processing_seconds", "Time the gateway took before the request went upstream", MetricType.Histogram, ["backend", .. RouteLabels], ProcessingBuckets, "seconds"));
        _responseProcessing = Add(new MetricFamily(Prefix + "response_processing_seconds", "Time the gateway took for a response before its first byte went to the client", MetricType.Histogram, ["backend", .. RouteLabels], ProcessingBuckets, "seconds"));
        _upstreamCalls = Add(new MetricFamily(Prefix + "upstream_call_duration_seconds", "Duration of calls to upstreams", MetricType.Histogram, ["kind", "subtype"], DurationBuckets, "seconds"));
        _upstreamConnects = Add(new MetricFamily(Prefix + "upstream_connect_duration_seconds", "Time to connect to upstreams", MetricType.Histogram, ["transport"], ConnectBuckets, "seconds"));
        _handshakes = Add(new MetricFamily(Prefix + "tls_handshake_duration_seconds", "Duration of TLS handshakes of clients", MetricType.Histogram, ConnectionLabels, ConnectBuckets, "seconds"));
        _connections = Add(new MetricFamily(Prefix + "downstream_connections", "Connections of clients", MetricType.Counter, ConnectionLabels));
        _received = Add(new MetricFamily(Prefix + "downstream_received_bytes", "Bytes received from clients", MetricType.Counter, ConnectionLabels, unit: "bytes"));
        _sent = Add(new MetricFamily(Prefix + "downstream_sent_bytes", "Bytes sent to clients", MetricType.Counter, ConnectionLabels, unit: "bytes"));
        _mcp = Add(new MetricFamily(Prefix + "mcp_requests", "MCP requests", MetricType.Counter, ["method", "resource_type", "server", "resource", .. RouteLabels]));
        _synchronized = Add(new MetricFamily(Prefix + "config_synchronized", "1 when the configuration was loaded, 0 when the last load failed and an older one is in force", MetricType.Gauge, []));
        Add(new MetricFamily(Prefix + "trace_spans_sent", "Spans that the collector took", MetricType.Counter, [], read: () => spansSent()));
        Add(new MetricFamily(Prefix + "trace_spans_dropped", "Spans that were lost on the way to the collector", MetricType.Counter, [], read: () => spansDropped()));
        Add(new MetricFamily(Prefix + "log_records_sent", "Records of the access log that the collector took", MetricType.Counter, [], read: () => recordsSent()));
        Add(new MetricFamily(Prefix + "log_records_dropped", "Records of the access log that were lost on the way to the collector", MetricType.Counter, [], read: () => recordsDropped()));
        Add(new MetricFamily("process_resident_memory_bytes", "Resident memory", MetricType.Gauge, [], unit: "bytes", read: static () => Environment.WorkingSet));
        Add(new MetricFamily("process_cpu_seconds", "User and system CPU time", MetricType.Counter, [], unit: "seconds", read: static () => Environment.CpuUsage.TotalTime.TotalSeconds));
        Add(new MetricFamily("dotnet_gc_heap_bytes", "Managed memory in use", MetricType.Gauge, [], unit: "bytes", read: static () => GC.GetTotalMemory(false)));
        Add(new MetricFamily("dotnet_thread_pool_threads", "Threads of the pool", MetricType.Gauge, [], read: static () => ThreadPool.ThreadCount));
        Add(new MetricFamily("dotnet_thread_pool_queue_length", "Work items that wait for a thread", MetricType.Gauge, [], read: static () => ThreadPool.PendingWorkItemCount));
    }

    /// <summary>Names of all families.</summary>
    public IEnumerable<string> Names => _families.Select(family => family.Name);

    /// <summary>Media type for an <c>Accept</c> header (telemetry specification, 2.3).</summary>
    public static string MediaTypeFor(StringValues accept)
    {
        if (!MediaTypeHeaderValue.TryParseList(accept, out var wanted))
        {
            return PlainText;
        }

        double open = 0;
        double plain = 0;
        foreach (var type in wanted)
        {
            var quality = type.Quality ?? 1;
            if (type.MediaType.Equals("application/openmetrics-text", StringComparison.OrdinalIgnoreCase))
            {
                open = Math.Max(open, quality);
            }
            else if (type.MediaType.Equals("text/plain", StringComparison.OrdinalIgnoreCase))
            {
                plain = Math.Max(plain, quality);
            }
        }

        return open > 0 && open >= plain ? OpenMetrics : PlainText;
    }

    /// <summary>Says whether the last load of the configuration succeeded.</summary>
    public void SetSynchronized(bool synchronized) => _synchronized.Get("").Set(synchronized ? 1 : 0);

    /// <summary>Counts a finished request.</summary>
    /// <param name="record">Its facts.</param>
    /// <param name="status">Status of the response; 0 when there was none.</param>
    /// <param name="duration">From its start to the end of its response.</param>
    /// <param name="processing">From its start until it went upstream; null when it did not.</param>
    /// <param name="response">Time that the policies of the response took; null when it did not come from upstream.</param>
    /// <param name="custom">Further labels, rendered; empty for none.</param>
    public void Request(RequestRecord record, int status, TimeSpan duration, TimeSpan? processing, TimeSpan? response, string custom)
    {
        var labels = new RequestLabels(record.Backend, record.Protocol, record.Method, status, record.Reason, record.Bind, record.Gateway, record.Listener, record.Route, record.RouteRule, custom);
        var series = _last is var last && ReferenceEquals(last.Owner, this) && last.Labels == labels ? last.Series : Find(labels);
        series.Requests.Add();
        series.Duration.Observe(duration.TotalSeconds);
        if (processing is { } before)
        {
            series.Processing.Observe(before.TotalSeconds);
        }

        if (response is { } after)
        {
            series.ResponseProcessing.Observe(after.TotalSeconds);
        }

        if (record.ResponseBytes > 0)
        {
            series.Bytes.Add(record.ResponseBytes);
        }

        if (record.RetryAttempt > 0)
        {
            series.Retries.Add(record.RetryAttempt);
        }

        if (record.McpMethod is { } method)
        {
            if (record is { McpTargets: { } targets, McpTarget: null })
            {
                // One for each server that was asked.
                foreach (var target in targets)
                {
                    CountMcp(record, custom, method, target);
                }
            }
            else
            {
                CountMcp(record, custom, method, record.McpTarget);
            }
        }
    }

    private void CountMcp(RequestRecord record, string custom, string method, string? server) => _mcp
        .Get(custom, method, record.McpResourceType, server, McpResource(record), record.Bind, record.Gateway, record.Listener, record.Route, record.RouteRule)
        .Add();

    /// <summary>Counts the duration of a connection that was forwarded without HTTP.</summary>
    public void TcpConnection(TcpRecord record, TimeSpan duration, string custom) => _duration
        .GetHistogram(custom, record.Backend, "tcp", null, null, record.Reason.Text(), record.Bind, record.Listener.Gateway, record.Listener.Name, record.Route?.Name, null)
        .Observe(duration.TotalSeconds);

    /// <summary>Counts a call to an upstream.</summary>
    public void UpstreamCall(OutboundKind kind, string subtype, TimeSpan duration)
    {
        var last = _lastCalls[(int)kind];
        if (last is null || last.Subtype != subtype)
        {
            _lastCalls[(int)kind] = last = new CallSeries(subtype, _upstreamCalls.GetHistogram("", kind.Text(), subtype));
        }

        last.Series.Observe(duration.TotalSeconds);
    }

    /// <summary>Counts a connection made to an upstream; transport is <c>plaintext</c> or <c>tls</c>.</summary>
    public void UpstreamConnect(string transport, TimeSpan duration) => _upstreamConnects.GetHistogram("", transport).Observe(duration.TotalSeconds);

    /// <summary>Counts a TLS handshake of a client.</summary>
    public void Handshake(string bind, string? gateway, string? listener, string protocol, TimeSpan duration) =>
        _handshakes.GetHistogram("", bind, gateway, listener, protocol).Observe(duration.TotalSeconds);

    /// <summary>Counts a connection of a client.</summary>
    public void Connection(string bind, string? gateway, string? listener, string protocol) => _connections.Get("", bind, gateway, listener, protocol).Add();

    /// <summary>Counts the bytes of a connection that has ended.</summary>
    public void ConnectionBytes(string bind, string? gateway, string? listener, string protocol, long received, long sent)
    {
        _received.Get("", bind, gateway, listener, protocol).Add(received);
        _sent.Get("", bind, gateway, listener, protocol).Add(sent);
    }

    /// <summary>Removes families: by name, with or without prefix, <c>_total</c> and unit (<c>config.metrics.remove</c>).</summary>
    public void Remove(string name)
    {
        var wanted = Bare(name);
        _families.RemoveAll(family => Bare(family.Name) == wanted || (family.Unit is { } unit && Bare(family.Name) == wanted + "_" + unit));
    }

    /// <summary>Writes everything as OpenMetrics text.</summary>
    public void WriteTo(ByteBuffer buffer)
    {
        foreach (var family in _families)
        {
            family.WriteTo(buffer);
        }

        buffer.Append("# EOF\n"u8);
    }

    private static string Bare(string name)
    {
        name = name.StartsWith(Prefix, StringComparison.Ordinal) ? name[Prefix.Length..] : name;
        return name.EndsWith("_total", StringComparison.Ordinal) ? name[..^6] : name.EndsWith("_info", StringComparison.Ordinal) ? name[..^5] : name;
    }

    private static string? McpResource(RequestRecord record) => record.McpResourceType == "task" ? null : record.McpToolName ?? record.McpPromptName ?? record.McpResourceUri;

    private MetricFamily Add(MetricFamily family)
    {
        _families.Add(family);
        return family;
    }

    private RequestSeries Find(RequestLabels labels)
    {
        if (!_requestSeries.TryGetValue(labels, out var series))
        {
            string?[] values =
            [
                labels.Backend, labels.Protocol, labels.Method, labels.Status == 0 ? null : labels.Status.ToString(CultureInfo.InvariantCulture), labels.Reason.Text(),
                labels.Bind, labels.Gateway, labels.Listener, labels.Route, labels.RouteRule,
            ];
            series = new RequestSeries(_requests.Get(labels.Custom, values), _duration.GetHistogram(labels.Custom, values), _responseBytes, _retries, _processing, _responseProcessing, values, labels.Custom);

            // Beyond the bound the family hands out its one shared series; the table of keys must stay bounded as well.
            if (_requestSeries.Count < MetricFamily.MaxSeries)
            {
                _requestSeries.TryAdd(labels, series);
            }
        }

        _last = (this, labels, series);
        return series;
    }

    private sealed record CallSeries(string Subtype, HistogramSeries Series);
}
