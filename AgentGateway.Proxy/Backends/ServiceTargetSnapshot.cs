using System.Globalization;
using AgentGateway.Configuration.Snapshot;

namespace AgentGateway.Proxy.Backends;

/// <summary>A service reference with the service it names, so that a change of the service's endpoints makes another backend.</summary>
internal sealed record ServiceTargetSnapshot : BackendSnapshot
{
    /// <summary>The service; null when the registry does not have it.</summary>
    public required ServiceSnapshot? Service { get; init; }

    /// <summary>Port of the service.</summary>
    public required int Port { get; init; }

    /// <summary>Addresses of the endpoints that take connections on the port, with their weights.</summary>
    public List<(TargetAddress Target, int Weight)> Endpoints()
    {
        var endpoints = new List<(TargetAddress, int)>();
        if (Service is null)
        {
            return endpoints;
        }

        var name = Port.ToString(CultureInfo.InvariantCulture);
        foreach (var endpoint in Service.Endpoints)
        {
            var port = endpoint.Ports.TryGetValue(name, out var own) ? own : Service.Ports.TryGetValue(name, out var mapped) ? mapped : Port;
            if (endpoint.Weight > 0 && port > 0)
            {
                endpoints.Add((new TargetAddress(endpoint.Host, port), endpoint.Weight));
            }
        }

        return endpoints;
    }

    /// <summary>One endpoint at random by weight, or null when there is none.</summary>
    public TargetAddress? PickEndpoint()
    {
        var endpoints = Endpoints();
        var point = endpoints.Count == 0 ? 0 : Random.Shared.Next(endpoints.Sum(static endpoint => endpoint.Weight));
        foreach (var (target, weight) in endpoints)
        {
            if ((point -= weight) < 0)
            {
                return target;
            }
        }

        return null;
    }

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

        return new ServiceTargetSnapshot { Key = reference.Key, StateKey = reference.StateKey, Policies = reference.Policies, Service = found, Port = reference.Port };
    }
}
