using AgentGateway.Configuration.Snapshot;
using AgentGateway.Proxy.Backends;
using AgentGateway.Proxy.Hosting;
using AgentGateway.Proxy.Requests;

namespace AgentGateway.Proxy.Routing;

/// <summary>The routes of one listener, compiled.</summary>
internal sealed class RouteTable(ListenerSnapshot listener, GatewayServices services, BackendRegistry.Generation backends)
{
    private readonly RouteIndex<RouteRuntime> _index =
        new(listener.Routes.Select(snapshot => (snapshot, new RouteRuntime(snapshot, listener, services, backends))));

    /// <summary>Finds the route with the highest precedence, or null.</summary>
    public RouteEntry<RouteRuntime>? Match(RequestContext context)
    {
        var request = context.Http.Request;
        return _index.Find(new RouteQuestion
        {
            HostName = context.HostName,
            Path = context.Path,
            Query = context.Query,
            Target = context.Target,
            Method = request.Method,
            Authority = context.Authority,
            Scheme = request.Scheme,
            Headers = request.Headers,
        });
    }
}
