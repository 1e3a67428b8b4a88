using AgentGateway.Proxy.Requests;

namespace AgentGateway.Proxy.Policies;

/// <summary>
/// A policy that acts on a response after its status and headers are known and before its first body byte. Instances are shared by all requests.
/// </summary>
internal interface IResponsePolicy
{
    /// <summary>Returns null to go on, or the reply that replaces the response.</summary>
    ValueTask<GatewayReply?> ApplyAsync(RequestContext context);
}
