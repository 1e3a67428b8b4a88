namespace AgentGateway.Proxy.Backends.Health;

/// <summary>
/// How well one endpoint does: a moving average of its outcomes, its latency, what is under way, and until when it is evicted.
/// Written by many requests at once; a lost update of an average does no harm, evictions are exact.
/// </summary>
internal sealed class EndpointHealth(TimeProvider time)
{
    /// <summary>Time for which an endpoint that refused a connection is asked last, whatever the eviction settings.</summary>
    public static readonly TimeSpan UnreachableTime = TimeSpan.FromSeconds(10);

    private const double Weight = 0.3;

    private readonly Lock _lock = new();
    private double _health = 1;
    private double _latency;
    private int _pending;
    private int _consecutiveFailures;
    private int _ejections;
    private long _evictedUntil = long.MinValue;
    private long _unreachableUntil = long.MinValue;

    /// <summary>Calls under way.</summary>
    public int Pending => Volatile.Read(ref _pending);

    /// <summary>Lower is better: calls under way times latency, worse with every failure.</summary>
    public double Score => (Pending + 1) * (1 + Volatile.Read(ref _latency)) / Math.Max(0.05, Volatile.Read(ref _health));

    /// <summary>True while the endpoint is out of rotation.</summary>
    public bool IsEvicted => time.GetTimestamp() < Volatile.Read(ref _evictedUntil);

    /// <summary>True shortly after a connection to it failed.</summary>
    public bool IsUnreachable => time.GetTimestamp() < Volatile.Read(ref _unreachableUntil);

    public void Begin() => Interlocked.Increment(ref _pending);

    public void End() => Interlocked.Decrement(ref _pending);

    /// <summary>Records an answer that counts as healthy.</summary>
    public void Succeed(TimeSpan latency)
    {
        Volatile.Write(ref _latency, Average(_latency, latency.TotalMilliseconds));
        if (_consecutiveFailures == 0 && _ejections == 0 && _health >= 0.999)
        {
            return;
        }

        lock (_lock)
        {
            _consecutiveFailures = 0;
            _ejections = 0;
            _health = Average(_health, 1);
            _unreachableUntil = long.MinValue;
        }
    }

    /// <summary>Records a failure; evicts when the settings say so. <paramref name="retryAfter"/> is what the upstream itself asked for.</summary>
    public void Fail(EvictionSettings? settings, TimeSpan? retryAfter)
    {
        lock (_lock)
        {
            _consecutiveFailures++;
            _health = Average(_health, 0);
            if (settings is null || !Evicts(settings))
            {
                return;
            }

            _ejections++;
            _evictedUntil = After(retryAfter ?? settings.Duration * _ejections);
            _consecutiveFailures = 0;
            _health = settings.RestoreHealth;
        }
    }

    /// <summary>Records that no connection could be made.</summary>
    public void FailConnect(EvictionSettings? settings)
    {
        Volatile.Write(ref _unreachableUntil, After(UnreachableTime));
        Fail(settings, null);
    }

    private bool Evicts(EvictionSettings settings) => settings switch
    {
        { ConsecutiveFailures: { } most } when _consecutiveFailures >= most => true,
        { HealthThreshold: { } threshold } when _health < threshold => true,
        { ConsecutiveFailures: null, HealthThreshold: null } => true,
        _ => false,
    };

    private long After(TimeSpan delay) => time.GetTimestamp() + (long)(delay.TotalSeconds * time.TimestampFrequency);

    private static double Average(double before, double now) => before + (Weight * (now - before));
}
