using AgentGateway.Proxy.Backends.Transport;
using AgentGateway.Proxy.Policies.Credentials;
using AgentGateway.Proxy.Requests;

namespace AgentGateway.Proxy.Backends.Auth;

/// <summary>The caller's validated token, put back (<c>passthrough</c>). Without a validated token nothing was taken out, and nothing is put back.</summary>
internal sealed class PassthroughCredential(CredentialPlace place) : IBackendCredential
{
    public ValueTask ApplyAsync(RequestContext context, UpstreamRequest attempt)
    {
        if (context.Record.Jwt is { } jwt)
        {
            attempt.Target = RequestCredentials.Attach(attempt.Headers, attempt.Target, place, jwt.RawToken);
        }

        return default;
    }
}
