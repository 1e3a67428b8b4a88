using AgentGateway.Cel;
using AgentGateway.Configuration.Expressions;
using AgentGateway.Proxy.Requests;

namespace AgentGateway.Proxy.Expressions;

/// <summary>Variable <c>basicAuth</c>.</summary>
internal sealed class BasicAuthObject(RequestContext context) : CelObject
{
    public override CelObjectType Type => GatewayTypes.BasicAuth;

    public override CelValue GetMember(int member) => member == BasicAuthMember.Username ? CelValue.FromString(context.Record.BasicAuthUsername) : default;
}
