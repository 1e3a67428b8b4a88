using AgentGateway.Configuration.Snapshot.Policies;

namespace AgentGateway.Proxy.Policies.RateLimit;

/// <summary>
/// The buckets of one policy. One lock guards them all, so a request takes from each bucket or from none, exactly, whatever runs at the same
/// time.
/// </summary>
internal sealed class Limiter
{
    private readonly Lock _lock = new();
    private readonly TimeProvider _time;
    private readonly BucketTable[] _tables;

    public Limiter(LocalRateLimits settings, TimeProvider time)
    {
        _time = time;
        var now = Now();
        _tables = [.. settings.Limits.Select(limit => new BucketTable(limit, now))];
    }

    /// <summary>
    /// Takes <paramref name="tokens"/> from the bucket of each limit in <paramref name="limits"/>, if all have that many.
    /// </summary>
    /// <param name="limits">Positions of the limits.</param>
    /// <param name="keys">Key of each limit, at the same positions as <paramref name="limits"/>.</param>
    /// <param name="tokens">Tokens to take; 0 asks whether any are left.</param>
    /// <param name="state">The most constrained limit after this request.</param>
    public bool TryTake(ReadOnlySpan<int> limits, ReadOnlySpan<string?> keys, long tokens, out RateLimitState state)
    {
        lock (_lock)
        {
            var now = Now();
            var passes = true;
            for (var i = 0; i < limits.Length; i++)
            {
                passes &= _tables[limits[i]].Get(keys[i], now).Tokens >= Math.Max(1, tokens);
            }

            state = new RateLimitState(long.MaxValue, long.MaxValue, 0);
            for (var i = 0; i < limits.Length; i++)
            {
                var table = _tables[limits[i]];
                var bucket = table.Get(keys[i], now);
                if (passes)
                {
                    bucket.Take(tokens);
                }

                if (bucket.Tokens < state.Remaining)
                {
                    var seconds = (bucket.TicksToFill(now) + TimeSpan.TicksPerSecond - 1) / TimeSpan.TicksPerSecond;
                    state = new RateLimitState(table.Capacity, bucket.Tokens, seconds);
                }
            }

            state = state with { Remaining = Math.Max(0, state.Remaining) };
            return passes;
        }
    }

    /// <summary>Takes tokens whose number was known only after the call; a bucket may go below zero and refuses requests until it has recovered.</summary>
    public void Charge(ReadOnlySpan<int> limits, ReadOnlySpan<string?> keys, long tokens)
    {
        lock (_lock)
        {
            var now = Now();
            for (var i = 0; i < limits.Length; i++)
            {
                _tables[limits[i]].Get(keys[i], now).Take(tokens);
            }
        }
    }

    // A clock that never goes back: a change of the system's time neither fills nor freezes buckets.
    private long Now() => _time.GetElapsedTime(0).Ticks;
}
