using AgentGateway.Proxy.Backends;
using AgentGateway.Proxy.Requests;

namespace AgentGateway.Proxy.Routing;

/// <summary>Stands for a route group among the choices of a route. Requests are delegated before a backend is called, so it is never called itself.</summary>
internal sealed class RouteGroupBackend : IBackendHandler
{
    public ValueTask<GatewayReply?> HandleAsync(RequestContext context) => new(GatewayReply.InvalidBackendType);
}
