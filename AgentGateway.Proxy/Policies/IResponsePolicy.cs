using AgentGateway.Proxy.Requests;

namespace AgentGateway.Proxy.Policies;

/// <summary>
/// A policy that acts on a response after its status and headers are known and before its first body byte. Instances are shared by all requests.
/// </summary>
internal interface IResponsePolicy
{
    /// <summary>Returns null to go on, or the reply that replaces the response.</summary>
    /// <remarks>Sees <see cref="RequestContext.ResponseBody"/> when <see cref="ReadsBody"/> is true.</remarks>
    ValueTask<GatewayReply?> ApplyAsync(RequestContext context);

    /// <summary>True when the response is to be held back until its body is there.</summary>
    bool ReadsBody => false;
}
