using AgentGateway.Configuration.Snapshot.Policies;
using AgentGateway.Proxy.Backends.Auth.Tokens;
using AgentGateway.Proxy.Backends.Transport;
using AgentGateway.Proxy.Policies.Credentials;
using AgentGateway.Proxy.Requests;

namespace AgentGateway.Proxy.Backends.Auth;

/// <summary>A token that the gateway signs (<c>jwtSign</c>).</summary>
internal sealed class SignedTokenCredential(JwtSign settings, TimeProvider time) : IBackendCredential
{
    private readonly CredentialPlace _place = CredentialPlace.ForWriting(settings.Location);
    private readonly SignedTokens _tokens = new(
        new JwtSigner(settings.SigningKey.Reveal(), settings.Alg, settings.Kid), (settings.Claims ?? Configuration.JsonText.EmptyObject).Json, settings.Ttl, time);

    public ValueTask ApplyAsync(RequestContext context, UpstreamRequest attempt)
    {
        attempt.Target = RequestCredentials.Attach(attempt.Headers, attempt.Target, _place, _tokens.Get());
        return default;
    }
}
