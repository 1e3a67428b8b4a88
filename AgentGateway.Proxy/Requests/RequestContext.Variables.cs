using AgentGateway.Cel;
using AgentGateway.Configuration.Expressions;

namespace AgentGateway.Proxy.Requests;

// What expressions of policies read.
internal sealed partial class RequestContext
{
    /// <summary>Variables of expressions, as they stand now.</summary>
    public ICelActivation Variables => field ??= new RequestVariables(this);
}
