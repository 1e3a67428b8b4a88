using System.Collections.Concurrent;

namespace AgentGateway.Proxy.Policies.JwtAuth;

/// <summary>
/// Tokens that were validated lately. Two generations bound it without bookkeeping for each use: when the young one is full it becomes the old
/// one, and what is still in use moves back on its next look-up.
/// </summary>
internal sealed class JwtCache(int capacity = JwtCache.DefaultCapacity)
{
    /// <summary>Most tokens of one generation.</summary>
    public const int DefaultCapacity = 5_000;

    private Generation _young = new();
    private Generation _old = new();

    /// <summary>Finds a token; the caller checks that the entry still holds.</summary>
    public Entry? Find(ReadOnlySpan<char> token)
    {
        if (_young.Lookup.TryGetValue(token, out var entry))
        {
            return entry;
        }

        if (_old.Lookup.TryGetValue(token, out entry))
        {
            Add(entry.Identity.RawToken, entry);
            return entry;
        }

        return null;
    }

    public void Add(string token, Entry entry)
    {
        var young = _young;
        if (young.Count >= capacity)
        {
            // Two threads may both turn the page; the loser's page is empty and only costs validations.
            _old = young;
            _young = young = new Generation();
        }

        if (young.Entries.TryAdd(token, entry))
        {
            Interlocked.Increment(ref young.Count);
        }
        else
        {
            young.Entries[token] = entry;
        }
    }

    /// <summary>A validated token.</summary>
    /// <param name="Identity">What the request learns.</param>
    /// <param name="Keys">The key set that verified it: another set means that it has to be verified again.</param>
    /// <param name="Provider">Whose token it is.</param>
    /// <param name="ValidUntil">First moment at which the token is no longer accepted.</param>
    internal sealed record Entry(JwtIdentity Identity, JsonWebKeys Keys, JwtProvider Provider, DateTimeOffset ValidUntil);

    private sealed class Generation
    {
        public Generation() => Lookup = Entries.GetAlternateLookup<ReadOnlySpan<char>>();

        public readonly ConcurrentDictionary<string, Entry> Entries = new(StringComparer.Ordinal);
        public readonly ConcurrentDictionary<string, Entry>.AlternateLookup<ReadOnlySpan<char>> Lookup;
        public int Count;
    }
}
