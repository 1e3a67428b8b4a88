using System.Globalization;
using AgentGateway.Configuration.Snapshot;
using AgentGateway.Proxy.Backends.Forwarding;
using AgentGateway.Proxy.Hosting;
using AgentGateway.Proxy.Requests;

namespace AgentGateway.Proxy.Backends;

/// <summary>A service of the registry: one of its endpoints at random by weight.</summary>
internal sealed class ServiceBackend : IBackendHandler, IAsyncDisposable
{
    private readonly (int CumulativeWeight, HttpBackend Backend)[] _endpoints;
    private readonly int _totalWeight;
    private readonly bool _exists;

    public ServiceBackend(ServiceTargetSnapshot snapshot, GatewayServices services)
    {
        _exists = snapshot.Service is not null;
        var endpoints = new List<(int, HttpBackend)>();
        var port = snapshot.Port.ToString(CultureInfo.InvariantCulture);
        foreach (var endpoint in snapshot.Service?.Endpoints ?? [])
        {
            var target = endpoint.Ports.TryGetValue(port, out var own) ? own
                : snapshot.Service!.Ports.TryGetValue(port, out var mapped) ? mapped
                : snapshot.Port;
            if (endpoint.Weight > 0 && target > 0)
            {
                _totalWeight += endpoint.Weight;
                endpoints.Add((_totalWeight, new HttpBackend(new HostBackendSnapshot { Key = snapshot.Key, Target = new TargetAddress(endpoint.Host, target) }, services)));
            }
        }

        _endpoints = [.. endpoints];
    }

    public ValueTask<GatewayReply?> HandleAsync(RequestContext context)
    {
        if (!_exists)
        {
            return new(GatewayReply.ServiceNotFound);
        }

        if (_endpoints.Length == 0)
        {
            return new(GatewayReply.NoHealthyBackends);
        }

        return HttpForwarder.ForwardAsync(context, Pick(), context.Backend?.Call ?? BackendCall.Plain);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var (_, backend) in _endpoints)
        {
            await backend.DisposeAsync();
        }
    }

    private HttpBackend Pick()
    {
        var point = Random.Shared.Next(_totalWeight);
        foreach (var (cumulative, backend) in _endpoints)
        {
            if (point < cumulative)
            {
                return backend;
            }
        }

        return _endpoints[^1].Backend;
    }
}
