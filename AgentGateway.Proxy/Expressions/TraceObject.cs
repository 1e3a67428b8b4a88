using AgentGateway.Cel;
using AgentGateway.Configuration.Expressions;
using AgentGateway.Proxy.Requests;

namespace AgentGateway.Proxy.Expressions;

/// <summary>Variable <c>trace</c>: the request's own place in its trace.</summary>
internal sealed class TraceObject(RequestContext context) : CelObject
{
    public override CelObjectType Type => GatewayTypes.Trace;

    public override CelValue GetMember(int member)
    {
        var own = context.Record.Own;
        return member switch
        {
            TraceMember.Id => CelValue.FromString(own.TraceId.ToString()),
            TraceMember.SpanId => CelValue.FromString(own.SpanId.ToString()),
            TraceMember.Sampled => CelValue.FromBool(context.Record.Recorded),
            _ => default,
        };
    }
}
