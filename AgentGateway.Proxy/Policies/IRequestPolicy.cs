using AgentGateway.Proxy.Requests;

namespace AgentGateway.Proxy.Policies;

/// <summary>A policy that acts on a request before a backend sees it. Instances are shared by all requests of a route.</summary>
internal interface IRequestPolicy
{
    /// <summary>True when the policy reads the body of the request, which is kept before its turn then. Constant over the life of the policy.</summary>
    bool NeedsRequestBody => false;

    /// <summary>Returns null to go on, or the reply that ends the request.</summary>
    ValueTask<GatewayReply?> ApplyAsync(RequestContext context);
}
