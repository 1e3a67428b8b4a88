namespace AgentGateway.Proxy.Telemetry.Metrics;

/// <summary>One set of label values with its number. Updating it neither locks nor allocates.</summary>
internal class Series(string labels)
{
    private long _value;

    /// <summary>Rendered labels without braces: <c>a="b",c="d"</c>.</summary>
    public string Labels { get; } = labels;

    public long Value => Interlocked.Read(ref _value);

    public void Add(long amount = 1) => Interlocked.Add(ref _value, amount);

    public void Set(long value) => Interlocked.Exchange(ref _value, value);
}

/// <summary>One set of label values with its distribution.</summary>
internal sealed class HistogramSeries(string labels, double[] bounds) : Series(labels)
{
    private readonly long[] _buckets = new long[bounds.Length + 1];
    private double _sum;

    public void Observe(double value)
    {
        var i = 0;
        while (i < bounds.Length && value > bounds[i])
        {
            i++;
        }

        Interlocked.Increment(ref _buckets[i]);
        double sum;
        do
        {
            sum = Volatile.Read(ref _sum);
        }
        while (Interlocked.CompareExchange(ref _sum, sum + value, sum) != sum);
    }

    /// <summary>Copies the counts of each bucket (not cumulative, the last one without bound) and returns the sum.</summary>
    public double Read(Span<long> buckets)
    {
        for (var i = 0; i < _buckets.Length; i++)
        {
            buckets[i] = Interlocked.Read(ref _buckets[i]);
        }

        return Volatile.Read(ref _sum);
    }
}
