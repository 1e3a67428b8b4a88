using AgentGateway.Proxy.Backends.Transport;
using AgentGateway.Proxy.Requests;

namespace AgentGateway.Proxy.Backends.Forwarding;

/// <summary>
/// A policy that acts on every attempt just before it is sent (stage 6 of the policy table): authorization, credentials, transformations, headers,
/// and signing last. Instances are shared by all requests.
/// </summary>
internal interface IBackendPolicy
{
    /// <summary>Changes the attempt; returns null to go on, or the reply that ends the request.</summary>
    ValueTask<GatewayReply?> ApplyAsync(RequestContext context, UpstreamRequest attempt);

    /// <summary>True when the policy reads the body of the client's request, which then has to be kept before the first attempt is made.</summary>
    bool ReadsRequestBody => false;
}
