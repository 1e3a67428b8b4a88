using AgentGateway.Proxy.Backends.Transport;
using AgentGateway.Proxy.Requests;

namespace AgentGateway.Proxy.Backends.Auth;

/// <summary>One way to authenticate to a backend.</summary>
internal interface IBackendCredential
{
    /// <summary>Puts the credential into the attempt.</summary>
    /// <exception cref="BackendAuthException">There is none.</exception>
    ValueTask ApplyAsync(RequestContext context, UpstreamRequest attempt);

    /// <summary>True when the credential is made of the body of the client's request.</summary>
    bool ReadsRequestBody => false;
}
