using AgentGateway.Configuration.Snapshot;
using AgentGateway.Proxy.Backends;
using AgentGateway.Proxy.Hosting;
using AgentGateway.Proxy.Policies;
using AgentGateway.Proxy.Requests;

namespace AgentGateway.Proxy.Routing;

/// <summary>A route compiled for requests: its policies in the order of the policy table, its backends with their weights.</summary>
internal sealed class RouteRuntime
{
    private readonly (int CumulativeWeight, IBackendHandler Handler)[] _backends;
    private readonly int _totalWeight;
    private readonly IRequestPolicy[] _requestPolicies = [];
    private readonly IResponsePolicy[] _responsePolicies = [];

    public RouteRuntime(RouteSnapshot snapshot, GatewayServices services, BackendRegistry.Generation backends)
    {
        Snapshot = snapshot;
        var weighted = new List<(int, IBackendHandler)>();
        foreach (var choice in snapshot.Backends)
        {
            if (choice.Weight > 0)
            {
                _totalWeight += choice.Weight;
                weighted.Add((_totalWeight, backends.Get(choice.Backend)));
            }
        }

        _backends = [.. weighted];
    }

    public RouteSnapshot Snapshot { get; }

    /// <summary>Runs the request policies; null means that all let the request pass.</summary>
    public async ValueTask<GatewayReply?> ApplyRequestPoliciesAsync(RequestContext context)
    {
        foreach (var policy in _requestPolicies)
        {
            if (await policy.ApplyAsync(context) is { } reply)
            {
                return reply;
            }
        }

        return null;
    }

    /// <summary>Runs the response policies; null means that the response stands.</summary>
    public async ValueTask<GatewayReply?> ApplyResponsePoliciesAsync(RequestContext context)
    {
        foreach (var policy in _responsePolicies)
        {
            if (await policy.ApplyAsync(context) is { } reply)
            {
                return reply;
            }
        }

        return null;
    }

    /// <summary>Picks a backend at random by weight, or null when the route has none.</summary>
    public IBackendHandler? PickBackend()
    {
        switch (_backends.Length)
        {
            case 0:
                return null;
            case 1:
                return _backends[0].Handler;
            default:
                var point = Random.Shared.Next(_totalWeight);
                foreach (var (cumulative, handler) in _backends)
                {
                    if (point < cumulative)
                    {
                        return handler;
                    }
                }

                return _backends[^1].Handler;
        }
    }
}
