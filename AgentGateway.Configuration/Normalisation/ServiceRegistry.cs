using AgentGateway.Configuration.Model;
using AgentGateway.Configuration.Reading;
using AgentGateway.Configuration.Snapshot;

namespace AgentGateway.Configuration.Normalisation;

/// <summary>Services with the endpoints that workloads give them.</summary>
internal sealed class ServiceRegistry(ConfigurationDocument document, ReadContext context)
{
    public EquatableArray<ServiceSnapshot> ToSnapshots()
    {
        var services = new List<ServiceSnapshot>();
        var keys = new HashSet<string>(StringComparer.Ordinal);
        foreach (var service in document.Services)
        {
            var key = $"{service.Namespace}/{service.Hostname}";
            if (!keys.Add(key))
            {
                context.SemanticError(service.NameAt, $"duplicate service `{Quoting.Shorten(key)}`; hostnames of one namespace must be unique");
            }

            services.Add(new ServiceSnapshot { Namespace = service.Namespace, Hostname = service.Hostname, Ports = service.Ports, Endpoints = Endpoints(key, service.Ports) });
        }

        foreach (var workload in document.Workloads)
        {
            foreach (var name in workload.Services.Keys)
            {
                if (!keys.Contains(name))
                {
                    context.SemanticError(workload.ServicesAt.Key(name), $"unknown service `{Quoting.Shorten(name)}`; add it to `services` as namespace and hostname");
                }
            }
        }

        return [.. services];
    }

    private EquatableArray<ServiceEndpointSnapshot> Endpoints(string key, EquatableMap<int> ports)
    {
        var endpoints = new List<ServiceEndpointSnapshot>();
        foreach (var workload in document.Workloads)
        {
            if (!workload.Healthy || !workload.Services.TryGetValue(key, out var own))
            {
                continue;
            }

            var effective = own.Count > 0 ? own : ports;
            foreach (var host in workload.Addresses.IsEmpty && workload.Hostname is { } hostname ? (EquatableArray<string>)[hostname] : workload.Addresses)
            {
                endpoints.Add(new ServiceEndpointSnapshot(workload.Uid ?? workload.Name ?? host, host, effective, workload.Capacity));
            }
        }

        return [.. endpoints];
    }
}
