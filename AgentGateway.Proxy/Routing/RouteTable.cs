using AgentGateway.Configuration.Snapshot;
using AgentGateway.Proxy.Backends;
using AgentGateway.Proxy.Hosting;
using AgentGateway.Proxy.Requests;

namespace AgentGateway.Proxy.Routing;

/// <summary>The routes of one listener, compiled.</summary>
internal sealed class RouteTable
{
    private readonly RouteIndex<RouteRuntime> _index;

    public RouteTable(ListenerSnapshot listener, GatewayServices services, BackendRegistry.Generation backends)
    {
        var compiler = new RouteCompiler(listener, services, backends);
        _index = new RouteIndex<RouteRuntime>(listener.Routes.Select(route => (route, compiler.Compile(route))));
    }

    /// <summary>Finds the route with the highest precedence, or null.</summary>
    public RouteEntry<RouteRuntime>? Match(RequestContext context) => Find(_index, context);

    /// <summary>
    /// Follows a route that delegates to route groups, picking among its choices, to the route that answers. Null when a group has none for the
    /// request. The pick of the last route stands in <see cref="RequestContext.Backend"/>.
    /// </summary>
    public static RouteEntry<RouteRuntime>? Follow(RouteEntry<RouteRuntime> entry, RequestContext context)
    {
        while (entry.Route.Delegates)
        {
            var choice = entry.Route.PickBackend();
            if (choice?.Routes is not { } group)
            {
                context.Backend = choice;
                return entry;
            }

            if (Find(group, context) is not { } next)
            {
                return null;
            }

            entry = next;
        }

        return entry;
    }

    private static RouteEntry<RouteRuntime>? Find(RouteIndex<RouteRuntime> index, RequestContext context)
    {
        var request = context.Http.Request;
        return index.Find(new RouteQuestion
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
