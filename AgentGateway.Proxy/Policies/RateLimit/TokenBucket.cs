namespace AgentGateway.Proxy.Policies.RateLimit;

/// <summary>
/// A token bucket that starts full and gains a fixed number of tokens at the end of each interval since it was made. Not thread-safe: its
/// owner locks.
/// </summary>
internal sealed class TokenBucket
{
    private readonly long _capacity;
    private readonly long _refill;
    private readonly long _interval;
    private long _tokens;
    private long _nextFill;

    public TokenBucket(long capacity, long refill, long intervalTicks, long now)
    {
        _capacity = capacity;
        _refill = refill;
        _interval = intervalTicks;
        _tokens = capacity;
        _nextFill = now + intervalTicks;
    }

    /// <summary>Tokens left; below zero when a charge that was known only afterwards took more than there was.</summary>
    public long Tokens => _tokens;

    /// <summary>True when the bucket is as it would be if it were made now: nothing is lost when it is forgotten.</summary>
    public bool IsFull => _tokens >= _capacity;

    /// <summary>Ticks until the next tokens come.</summary>
    public long TicksToFill(long now) => _nextFill - now;

    /// <summary>Adds the tokens of all intervals that have ended.</summary>
    public void Refill(long now)
    {
        if (now < _nextFill)
        {
            return;
        }

        var intervals = 1 + ((now - _nextFill) / _interval);
        _nextFill += intervals * _interval;

        // A bucket that was overcharged may need many intervals; the sum is bounded by the capacity and does not overflow.
        var missing = (Int128)_capacity - _tokens;
        var gained = (Int128)intervals * _refill;
        _tokens = gained >= missing ? Math.Max(_tokens, _capacity) : _tokens + (long)gained;
    }

    public void Take(long tokens) => _tokens -= tokens;
}
