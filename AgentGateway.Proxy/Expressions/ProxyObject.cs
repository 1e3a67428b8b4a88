using AgentGateway.Cel;
using AgentGateway.Configuration.Expressions;
using AgentGateway.Proxy.Requests;

namespace AgentGateway.Proxy.Expressions;

/// <summary>Variable <c>proxy</c>: where in the gateway the request is handled, and how long its parts took.</summary>
internal sealed class ProxyObject(RequestContext context) : CelObject
{
    private readonly CelValue _gateway = CelValue.FromMap(new GatewayObject(context));
    private readonly CelValue _listener = CelValue.FromMap(new ListenerObject(context));
    private readonly CelValue _route = CelValue.FromMap(new RouteObject(context));

    public override CelObjectType Type => GatewayTypes.Proxy;

    public override CelValue GetMember(int member)
    {
        var record = context.Record;
        return member switch
        {
            ProxyMember.Bind => CelValue.FromString(record.Bind),
            ProxyMember.Gateway => _gateway,
            ProxyMember.Listener => record.Listener is null ? default : _listener,
            ProxyMember.Route => record.Route is null ? default : _route,
            ProxyMember.RequestProcessingDuration => Between(record.StartTimestamp, record.UpstreamTimestamp),
            ProxyMember.UpstreamDuration => Between(record.UpstreamTimestamp, record.ResponseHeadTimestamp),
            ProxyMember.ResponseProcessingDuration => Between(record.ResponseHeadTimestamp, record.EndTimestamp),
            _ => default,
        };
    }

    // Names are written namespace/name.
    private static CelValue Part(string? name, bool first)
    {
        var slash = name?.IndexOf('/') ?? -1;
        return slash < 0 ? (first ? default : CelValue.FromString(name)) : CelValue.FromString(first ? name![..slash] : name![(slash + 1)..]);
    }

    private CelValue Between(long from, long to) =>
        from == 0 || to == 0 ? default : CelValue.FromDuration(context.Services.Time.GetElapsedTime(from, to));

    private sealed class GatewayObject(RequestContext context) : CelObject
    {
        public override CelObjectType Type => GatewayTypes.ProxyGateway;

        public override CelValue GetMember(int member) => Part(context.Record.Gateway, member == ProxyGatewayMember.Namespace);
    }

    private sealed class ListenerObject(RequestContext context) : CelObject
    {
        public override CelObjectType Type => GatewayTypes.ProxyListener;

        public override CelValue GetMember(int member) => CelValue.FromString(context.Record.Listener);
    }

    private sealed class RouteObject(RequestContext context) : CelObject
    {
        public override CelObjectType Type => GatewayTypes.ProxyRoute;

        public override CelValue GetMember(int member) => member switch
        {
            ProxyRouteMember.Namespace => Part(context.Record.Route, first: true),
            ProxyRouteMember.Name => Part(context.Record.Route, first: false),
            ProxyRouteMember.Rule => CelValue.FromString(context.Record.RouteRule),
            _ => default,
        };
    }
}
