using AgentGateway.Configuration.Snapshot;

namespace AgentGateway.Proxy.Backends;

/// <summary>A service reference with the service it names, so that a change of the service's endpoints makes another backend.</summary>
internal sealed record ServiceTargetSnapshot : BackendSnapshot
{
    /// <summary>The service; null when the registry does not have it.</summary>
    public required ServiceSnapshot? Service { get; init; }

    /// <summary>Port of the service.</summary>
    public required int Port { get; init; }

    public static ServiceTargetSnapshot Of(ServiceBackendSnapshot reference, GatewaySnapshot snapshot)
    {
        ServiceSnapshot? found = null;
        foreach (var service in snapshot.Services)
        {
            if (service.Namespace == reference.Namespace && service.Hostname.Equals(reference.Hostname, StringComparison.OrdinalIgnoreCase))
            {
                found = service;
                break;
            }
        }

        return new ServiceTargetSnapshot { Key = reference.Key, Policies = reference.Policies, Service = found, Port = reference.Port };
    }
}
