using AgentGateway.Configuration.Snapshot;
using AgentGateway.Proxy.Requests;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace AgentGateway.Proxy.Telemetry;

/// <summary>The telemetry of the process: sampling at the start of a request; metrics, spans and access log at its end.</summary>
internal sealed class GatewayTelemetry(StaticSettings settings, TimeProvider time, ILoggerFactory logging) : IAsyncDisposable
{
    private GatewaySnapshot _snapshot = GatewaySnapshot.Empty;

    public StaticSettings Settings { get; } = settings;

    public TimeProvider Time { get; } = time;

    public ILogger Logger { get; } = logging.CreateLogger("agentgateway::telemetry");

    /// <summary>Decides whether the request is traced; called once the listener is known and before any policy runs.</summary>
    public void DecideSampling(RequestContext context) => context.Record.Protocol = "http";

    /// <summary>Called when the last byte of the response was written, or the request was aborted.</summary>
    public void Complete(RequestContext context, Exception? exception) => context.Record.Error ??= exception?.Message;

    /// <summary>Called with each snapshot before requests see it.</summary>
    public void Configure(GatewaySnapshot snapshot) => _snapshot = snapshot;

    /// <summary>Answers <c>GET /api/traces</c>: newest first, the spans of a trace as a tree.</summary>
    public Task WriteTracesAsync(HttpContext context) => context.Response.WriteAsync("[]");

    /// <summary>Answers <c>GET /metrics</c>.</summary>
    public Task WriteMetricsAsync(HttpContext context) => context.Response.WriteAsync("# EOF\n");

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
