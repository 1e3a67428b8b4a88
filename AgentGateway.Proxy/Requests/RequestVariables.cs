using AgentGateway.Cel;
using AgentGateway.Configuration.Expressions;

namespace AgentGateway.Proxy.Requests;

/// <summary>The variables of expressions that authentication policies write.</summary>
internal sealed class RequestVariables(RequestContext context) : ICelActivation
{
    public CelValue GetVariable(int slot)
    {
        var record = context.Record;
        return slot switch
        {
            GatewayVariables.Jwt => record.Jwt is { } jwt ? CelValue.FromMap(jwt) : CelValue.Null,
            GatewayVariables.ApiKey => record.ApiKey is { } key ? CelValue.FromMap(key) : CelValue.Null,
            GatewayVariables.Extauthz => record.ExtAuthzMetadata.IsEmpty ? CelValue.Null : CelValue.FromJson(record.ExtAuthzMetadata),
            _ => CelValue.Null,
        };
    }
}
