using AgentGateway.Proxy.Backends.Transport;
using AgentGateway.Proxy.Policies.Credentials;
using AgentGateway.Proxy.Requests;

namespace AgentGateway.Proxy.Backends.Auth;

/// <summary>A fixed key (<c>key</c>, <c>credentials</c>).</summary>
internal sealed class FixedCredential(CredentialPlace place, string key) : IBackendCredential
{
    public ValueTask ApplyAsync(RequestContext context, UpstreamRequest attempt)
    {
        attempt.Target = RequestCredentials.Attach(attempt.Headers, attempt.Target, place, key);
        return default;
    }
}
