using AgentGateway.Configuration.Snapshot;
using AgentGateway.Configuration.Snapshot.Policies;

namespace AgentGateway.Proxy.Telemetry;

/// <summary>Finds the collector of a policy that may name a backend of the document.</summary>
internal static class CollectorAddress
{
    /// <summary>The full endpoint, or null and a reason when the backend is none that exports can be sent to.</summary>
    public static Uri? Resolve(Uri endpoint, BackendReference? target, GatewaySnapshot snapshot, string policy, out string? problem)
    {
        problem = null;
        if (target?.Backend is not { } key)
        {
            return endpoint;
        }

        if (!snapshot.Backends.TryGetValue(key, out var backend) || backend is not HostBackendSnapshot { Target: { UnixPath: null } host })
        {
            problem = $"{policy}.backend {key}: only backends with a host and port can be collectors";
            return null;
        }

        return new UriBuilder(endpoint) { Host = host.Host, Port = host.Port }.Uri;
    }
}
