using AgentGateway.Cel;
using AgentGateway.Configuration.Expressions;
using AgentGateway.Proxy.Listeners.Connections;
using AgentGateway.Proxy.Requests;

namespace AgentGateway.Proxy.Expressions;

/// <summary>Variable <c>destination</c>: the gateway's side of the client connection.</summary>
internal sealed class DestinationObject(RequestContext context) : CelObject
{
    public override CelObjectType Type => GatewayTypes.Destination;

    public override CelValue GetMember(int member)
    {
        var facts = context.Http.Features.Get<ConnectionFacts>();
        return member switch
        {
            DestinationMember.Address => Addresses.Of(context.Http.Connection.LocalIpAddress),
            DestinationMember.Port => CelValue.FromUint((ulong)(facts is { TunnelPort: > 0 } ? facts.TunnelPort : context.Http.Connection.LocalPort)),
            DestinationMember.Hostname => CelValue.FromString(facts?.ServerName ?? facts?.TunnelHost),
            _ => default,
        };
    }
}
