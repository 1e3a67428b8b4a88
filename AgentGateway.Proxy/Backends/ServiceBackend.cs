using System.Runtime.CompilerServices;
using AgentGateway.Configuration.Snapshot;
using AgentGateway.Proxy.Backends.Forwarding;
using AgentGateway.Proxy.Backends.Resolution;
using AgentGateway.Proxy.Backends.Transport;
using AgentGateway.Proxy.Hosting;
using AgentGateway.Proxy.Requests;

namespace AgentGateway.Proxy.Backends;

/// <summary>
/// A service of the registry: one of its endpoints at random by weight, those that cannot be reached or are evicted last. When no connection can be
/// made to the choice, the others are tried.
/// </summary>
internal sealed class ServiceBackend : IBackendHandler, ITransportOwner, IAsyncDisposable
{
    private readonly (int Weight, HttpBackend Backend)[] _endpoints;
    private readonly bool _exists;

    public ServiceBackend(ServiceTargetSnapshot snapshot, GatewayServices services)
    {
        _exists = snapshot.Service is not null;
        _endpoints =
        [
            .. snapshot.Endpoints().Select(endpoint =>
                (endpoint.Weight, new HttpBackend(new HostBackendSnapshot { Key = snapshot.Key, Target = endpoint.Target }, services) { Group = this })),
        ];
    }

    public ValueTask<GatewayReply?> HandleAsync(RequestContext context)
    {
        if (!_exists)
        {
            return new(GatewayReply.ServiceNotFound);
        }

        return Pick(context.Backend?.Call ?? BackendCall.Plain) is { } backend
            ? HttpForwarder.ForwardAsync(context, backend, context.Backend?.Call ?? BackendCall.Plain)
            : new(GatewayReply.NoHealthyBackends);
    }

    public void KeepOnly(IReadOnlySet<TransportOptions> inUse)
    {
        foreach (var (_, backend) in _endpoints)
        {
            backend.KeepOnly(inUse);
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var (_, backend) in _endpoints)
        {
            await backend.DisposeAsync();
        }
    }

    /// <summary>Calls an endpoint, and others in its place while no connection can be made.</summary>
    /// <exception cref="UpstreamException">The last failure.</exception>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    internal async ValueTask<(UpstreamResponse Response, UpstreamEndpoint Endpoint)> CallAsync(
        HttpBackend first, RequestContext context, BackendCall call, UpstreamRequest request, CancellationToken cancellationToken)
    {
        HashSet<HttpBackend>? tried = null;
        for (var backend = first; ;)
        {
            try
            {
                return await backend.CallAsync(context, call, request, cancellationToken);
            }
            catch (UpstreamException e) when (e.Failure is UpstreamFailure.Connect or UpstreamFailure.ConnectTimeout or UpstreamFailure.Resolve)
            {
                (tried ??= []).Add(backend);
                if (Pick(call, tried) is not { } next)
                {
                    throw;
                }

                backend = next;
            }
        }
    }

    /// <summary>Picks an endpoint; null when the service has none.</summary>
    internal HttpBackend? Pick(BackendCall call) => Pick(call, tried: null);

    // Two passes: endpoints in good health by weight, then any.
    private HttpBackend? Pick(BackendCall call, HashSet<HttpBackend>? tried) => Pick(call, tried, healthyOnly: true) ?? Pick(call, tried, healthyOnly: false);

    private HttpBackend? Pick(BackendCall call, HashSet<HttpBackend>? tried, bool healthyOnly)
    {
        var total = 0;
        foreach (var (weight, backend) in _endpoints)
        {
            total += IsCandidate(backend) ? weight : 0;
        }

        var point = total == 0 ? 0 : Random.Shared.Next(total);
        foreach (var (weight, backend) in _endpoints)
        {
            if (IsCandidate(backend) && (point -= weight) < 0)
            {
                return backend;
            }
        }

        return null;

        bool IsCandidate(HttpBackend backend) => (tried is null || !tried.Contains(backend)) && (!healthyOnly || backend.IsAvailable(call.Transport));
    }
}
