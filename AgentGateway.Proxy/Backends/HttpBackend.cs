using AgentGateway.Configuration.Snapshot;
using AgentGateway.Proxy.Hosting;
using AgentGateway.Proxy.Requests;
using AgentGateway.Proxy.Telemetry;

namespace AgentGateway.Proxy.Backends;

/// <summary>A plain HTTP upstream.</summary>
internal sealed class HttpBackend(HostBackendSnapshot snapshot, GatewayServices services) : IBackendHandler
{
    public ValueTask<GatewayReply?> HandleAsync(RequestContext context) =>
        new(GatewayReply.Failure(503, ResponseReason.UpstreamFailure, $"upstream call failed: no transport to {snapshot.Target} {services.Time.GetUtcNow()}"));
}
