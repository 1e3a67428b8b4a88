using System.Net;
using System.Text.Json;
using AgentGateway.Configuration.Snapshot;
using AgentGateway.Proxy.Hosting;
using AgentGateway.Proxy.Requests;
using AgentGateway.Proxy.Telemetry;
using AgentGateway.Proxy.Telemetry.Traces;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Primitives;
using Microsoft.Extensions.Time.Testing;

namespace AgentGateway.Tests.Proxy.Telemetry;

/// <summary>Drives telemetry with requests that never saw a socket.</summary>
internal sealed class TelemetryHarness : IAsyncDisposable
{
    private readonly GatewayRuntime _runtime;

    public TelemetryHarness(TracingSnapshot? tracing = null, TelemetryConnections? connections = null, Func<GatewaySnapshot, GatewaySnapshot>? change = null, StaticSettings? settings = null, FakeTimeProvider? time = null)
    {
        Time = time ?? new FakeTimeProvider(Start);
        Services = new GatewayServices(settings ?? new StaticSettings(), Time, Logs, connections);
        var snapshot = TestGateway.OneRoute() with { Tracing = tracing };
        Snapshot = change is null ? snapshot : change(snapshot);
        _runtime = GatewayRuntime.Compile(Snapshot, Services, Services.Backends.BeginGeneration(Snapshot));
        Services.Telemetry.Configure(Snapshot);
    }

    /// <summary>Everything is sampled and goes to a collector that nobody runs.</summary>
    public static TracingSnapshot SampleAll { get; } = new() { Endpoint = new Uri("http://127.0.0.1:9"), RandomSampling = new SamplingRule(1) };

    /// <summary>Time at which the harness starts.</summary>
    public static DateTimeOffset Start { get; } = new(2026, 1, 20, 16, 28, 30, TimeSpan.Zero);

    public FakeTimeProvider Time { get; }

    public CapturedLogs Logs { get; } = new();

    public GatewayServices Services { get; }

    public GatewaySnapshot Snapshot { get; }

    public GatewayTelemetry Telemetry => Services.Telemetry;

    /// <summary>Starts a request up to the sampling decision.</summary>
    public RequestContext Begin(string method = "GET", string target = "/", string protocol = "HTTP/1.1", params ReadOnlySpan<(string Name, string Value)> headers)
    {
        var context = new RequestContext();
        Begin(context, method, target, protocol, headers);
        return context;
    }

    public void Begin(RequestContext context, string method, string target, string protocol, params ReadOnlySpan<(string Name, string Value)> headers)
    {
        var features = new FeatureCollection();
        var query = target.IndexOf('?', StringComparison.Ordinal);
        var request = new HttpRequestFeature
        {
            Method = method,
            Path = query < 0 ? target : target[..query],
            QueryString = query < 0 ? "" : target[query..],
            RawTarget = target,
            Protocol = protocol,
            Scheme = "http",
        };
        request.Headers["Host"] = "gateway.test:3000";
        foreach (var (name, value) in headers)
        {
            request.Headers[name] = StringValues.Concat(request.Headers[name], value);
        }

        features.Set<IHttpRequestFeature>(request);
        features.Set<IHttpResponseFeature>(new HttpResponseFeature());
        features.Set<IHttpResponseBodyFeature>(new StreamResponseBodyFeature(Stream.Null));
        features.Set<IHttpConnectionFeature>(new HttpConnectionFeature
        {
            RemoteIpAddress = IPAddress.Loopback,
            ConnectionId = "0HN5K",
            RemotePort = 4711,
            LocalIpAddress = IPAddress.Loopback,
            LocalPort = 3000,
        });
        context.Initialize(features, Services, _runtime, _runtime.Binds["bind/0"]);
        context.Listener = context.Bind.ChooseListener("gateway.test", null, out _);
        context.Record.Listener = context.Listener!.Snapshot.Name;
        Telemetry.DecideSampling(context);
        context.Record.Route = "default/route0";
        context.Record.PathMatch = "/*";
    }

    /// <summary>Ends a request the way the server does.</summary>
    public void Complete(RequestContext context, Exception? exception = null)
    {
        Telemetry.Complete(context, exception);
        context.Release();
    }

    /// <summary>The stored traces, newest first.</summary>
    public IReadOnlyList<StoredTrace> StoredTraces() => Telemetry.Traces.Read(100);

    /// <summary>The stored traces as the admin API shows them.</summary>
    public JsonElement TracesJson()
    {
        var buffer = new System.Buffers.ArrayBufferWriter<byte>();
        TraceJson.Write(buffer, StoredTraces());
        return JsonDocument.Parse(buffer.WrittenMemory).RootElement;
    }

    public ValueTask DisposeAsync() => Services.DisposeAsync();
}
