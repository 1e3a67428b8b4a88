namespace AgentGateway.Proxy.Policies.JwtAuth;

/// <summary>Where a provider's keys come from: a fixed set, or one that is fetched and refreshed.</summary>
internal interface IKeySource
{
    /// <summary>
    /// The keys now. Completes at once except before the first fetch. A new instance appears when, and only when, the set changed.
    /// </summary>
    ValueTask<JsonWebKeys> GetAsync(CancellationToken cancellationToken);

    /// <summary>Called when a token names a key that the set does not have: fetches again when the last fetch is old enough.</summary>
    ValueTask<JsonWebKeys> GetNewerAsync(CancellationToken cancellationToken);
}
