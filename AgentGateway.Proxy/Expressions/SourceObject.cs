using AgentGateway.Cel;
using AgentGateway.Configuration.Expressions;
using AgentGateway.Proxy.Listeners.Connections;
using AgentGateway.Proxy.Requests;

namespace AgentGateway.Proxy.Expressions;

/// <summary>Variable <c>source</c>: the client and, where it showed one that was verified, its certificate.</summary>
internal sealed class SourceObject(RequestContext context) : CelObject
{
    public override CelObjectType Type => GatewayTypes.Source;

    public override CelValue GetMember(int member)
    {
        var connection = context.Http.Connection;
        return member is SourceMember.Address or SourceMember.Port
            ? SourceMembers.Get(member, connection.RemoteIpAddress, connection.RemotePort, null, null)
            : SourceMembers.Get(member, connection.RemoteIpAddress, connection.RemotePort, context.Http.Features.Get<ConnectionFacts>(), connection.ClientCertificate);
    }
}
