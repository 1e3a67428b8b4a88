using AgentGateway.Configuration.Snapshot;

namespace AgentGateway.Proxy.Telemetry;

/// <summary>Finds the collector of a tracing policy that names a backend of the document.</summary>
internal static class CollectorAddress
{
    /// <summary>The tracing with its full endpoint, or null and a reason when its backend is none that spans can be sent to.</summary>
    public static TracingSnapshot? Resolve(TracingSnapshot? tracing, GatewaySnapshot snapshot, out string? problem)
    {
        problem = null;
        if (tracing?.Target?.Backend is not { } key)
        {
            return tracing;
        }

        if (!snapshot.Backends.TryGetValue(key, out var backend) || backend is not HostBackendSnapshot { Target: { UnixPath: null } host })
        {
            problem = $"tracing.backend {key}: only backends with a host and port can be collectors";
            return null;
        }

        return tracing with { Endpoint = new UriBuilder(tracing.Endpoint) { Host = host.Host, Port = host.Port }.Uri };
    }
}
