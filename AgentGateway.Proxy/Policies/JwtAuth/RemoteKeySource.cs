using AgentGateway.Proxy.Policies.Documents;

namespace AgentGateway.Proxy.Policies.JwtAuth;

/// <summary>Keys that are fetched from the issuer.</summary>
internal sealed class RemoteKeySource(RemoteDocument<JsonWebKeys> document) : IKeySource
{
    public ValueTask<JsonWebKeys> GetAsync(CancellationToken cancellationToken) => document.GetAsync(cancellationToken);

    public ValueTask<JsonWebKeys> GetNewerAsync(CancellationToken cancellationToken) => document.GetNewerAsync(cancellationToken);
}
