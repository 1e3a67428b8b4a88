using System.Security.Cryptography;
using System.Text;
using AgentGateway.Configuration.Snapshot.Policies;

namespace AgentGateway.Proxy.Policies.RateLimit;

/// <summary>
/// The buckets of one limit: a single one, or one for each key. The number of keys is bounded: full buckets are forgotten without loss, and
/// after them the one that was used longest ago.
/// </summary>
internal sealed class BucketTable(LocalRateLimit settings, long now, int maxKeys = BucketTable.DefaultMaxKeys)
{
    /// <summary>Most keys that are kept for one limit.</summary>
    public const int DefaultMaxKeys = 65_536;

    // A longer key is kept by its hash, so that clients cannot fill the memory with long keys.
    private const int MaxKeyLength = 128;

    private readonly long _interval = Math.Max(1, settings.FillInterval.Ticks);
    private readonly TokenBucket _shared = new(settings.MaxTokens, settings.TokensPerFill, Math.Max(1, settings.FillInterval.Ticks), now);
    private readonly Dictionary<string, LinkedListNode<(string Key, TokenBucket Bucket)>> _byKey = new(StringComparer.Ordinal);
    private readonly LinkedList<(string Key, TokenBucket Bucket)> _recent = new();

    public long Capacity => settings.MaxTokens;

    /// <summary>Number of keys that are kept.</summary>
    public int Count => _byKey.Count;

    /// <summary>The bucket of a key, refilled; null is the shared bucket, of limits without key and of requests whose key has no value.</summary>
    public TokenBucket Get(string? key, long now)
    {
        var bucket = key is null ? _shared : GetByKey(key.Length > MaxKeyLength ? Hash(key) : key, now);
        bucket.Refill(now);
        return bucket;
    }

    private TokenBucket GetByKey(string key, long now)
    {
        if (_byKey.TryGetValue(key, out var node))
        {
            _recent.Remove(node);
            _recent.AddFirst(node);
            return node.Value.Bucket;
        }

        // Looks at the two that were used longest ago, so the table shrinks by itself once buckets have filled up again.
        for (var i = 0; i < 2 && _recent.Last is { } oldest; i++)
        {
            oldest.Value.Bucket.Refill(now);
            if (!oldest.Value.Bucket.IsFull && _byKey.Count < maxKeys)
            {
                break;
            }

            _recent.RemoveLast();
            _byKey.Remove(oldest.Value.Key);
        }

        var bucket = new TokenBucket(settings.MaxTokens, settings.TokensPerFill, _interval, now);
        _byKey[key] = _recent.AddFirst((key, bucket));
        return bucket;
    }

    private static string Hash(string key) => Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(key)));
}
