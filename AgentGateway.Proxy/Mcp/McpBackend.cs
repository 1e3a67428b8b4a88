using AgentGateway.Configuration.Snapshot;
using AgentGateway.Proxy.Backends;
using AgentGateway.Proxy.Hosting;
using AgentGateway.Proxy.Requests;
using AgentGateway.Proxy.Telemetry;

namespace AgentGateway.Proxy.Mcp;

/// <summary>MCP servers behind one MCP endpoint.</summary>
internal sealed class McpBackend(McpBackendSnapshot snapshot, GatewayServices services) : IBackendHandler
{
    public ValueTask<GatewayReply?> HandleAsync(RequestContext context) =>
        new(GatewayReply.Failure(503, ResponseReason.MCP, $"no backends configured {snapshot.Key} {services.Time.GetUtcNow()}"));
}
