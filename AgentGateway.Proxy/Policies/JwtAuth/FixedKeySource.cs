namespace AgentGateway.Proxy.Policies.JwtAuth;

/// <summary>Keys written into the configuration or read from a file at load.</summary>
internal sealed class FixedKeySource(JsonWebKeys keys) : IKeySource
{
    public ValueTask<JsonWebKeys> GetAsync(CancellationToken cancellationToken) => new(keys);

    public ValueTask<JsonWebKeys> GetNewerAsync(CancellationToken cancellationToken) => new(keys);
}
