using AgentGateway.Cel;
using AgentGateway.Configuration.Expressions;
using AgentGateway.Proxy.Requests;

namespace AgentGateway.Proxy.Expressions;

/// <summary>Variable <c>backend</c>: the backend that was called.</summary>
internal sealed class BackendObject(RequestContext context) : CelObject
{
    public override CelObjectType Type => GatewayTypes.Backend;

    public override CelValue GetMember(int member)
    {
        var record = context.Record;
        return member switch
        {
            BackendMember.Name => CelValue.FromString(record.Backend),
            BackendMember.Type => CelValue.FromString(record.Protocol switch { "mcp" => "mcp", "llm" => "ai", _ => "static" }),
            BackendMember.Protocol => CelValue.FromString(record.Protocol),
            _ => default,
        };
    }
}
