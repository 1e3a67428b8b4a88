namespace AgentGateway.Proxy.Backends.Auth.Tokens;

/// <summary>
/// Tokens that were fetched, by what they were fetched for. Requests that want the same token at the same time share one fetch. Bounded: when it
/// is full, what has ended goes, and if nothing has, all of it.
/// </summary>
/// <param name="capacity">Most tokens kept; 0 keeps none.</param>
/// <param name="time">Clock.</param>
internal sealed class TokenCache(int capacity, TimeProvider time)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, Entry> _tokens = new(StringComparer.Ordinal);

    /// <summary>The token for a key, fetched when it is not at hand.</summary>
    public async ValueTask<string> GetAsync(string key, Func<CancellationToken, Task<FetchedToken>> fetch, CancellationToken cancellationToken)
    {
        if (capacity == 0)
        {
            return (await fetch(cancellationToken)).Token;
        }

        Task<FetchedToken> pending;
        lock (_lock)
        {
            var now = time.GetUtcNow();
            if (_tokens.TryGetValue(key, out var entry) && (!entry.Fetch.IsCompleted || (entry.Fetch.IsCompletedSuccessfully && now < entry.Fetch.Result.UsableUntil)))
            {
                pending = entry.Fetch;
            }
            else
            {
                MakeRoom(now);

                // The fetch belongs to all who wait for it, so no single request cancels it; it has a time limit of its own.
                pending = fetch(CancellationToken.None);
                _tokens[key] = new Entry(pending);
            }
        }

        return (await pending.WaitAsync(cancellationToken)).Token;
    }

    private void MakeRoom(DateTimeOffset now)
    {
        if (_tokens.Count < capacity)
        {
            return;
        }

        foreach (var (key, entry) in _tokens)
        {
            if (entry.Fetch.IsCompleted && !(entry.Fetch.IsCompletedSuccessfully && now < entry.Fetch.Result.UsableUntil))
            {
                _tokens.Remove(key);
            }
        }

        if (_tokens.Count >= capacity)
        {
            _tokens.Clear();
        }
    }

    private sealed record Entry(Task<FetchedToken> Fetch);
}

/// <summary>A token and how long it may be used.</summary>
/// <param name="Token">The token.</param>
/// <param name="UsableUntil">First moment at which another one is needed.</param>
internal sealed record FetchedToken(string Token, DateTimeOffset UsableUntil)
{
    public override string ToString() => "<redacted>";
}
