namespace AgentGateway.Proxy.Mcp;

/// <summary>Bounds how many lines somebody else can make the gateway log: so many a second, the others are counted.</summary>
internal sealed class LogBudget(TimeProvider time, int linesPerSecond = 50)
{
    private readonly Lock _lock = new();
    private long _windowStart = time.GetTimestamp();
    private int _used;
    private int _suppressed;

    /// <summary>True when a line may be logged, with the number of those left out since the last one.</summary>
    public bool Take(out int suppressed)
    {
        lock (_lock)
        {
            if (time.GetElapsedTime(_windowStart) >= TimeSpan.FromSeconds(1))
            {
                _windowStart = time.GetTimestamp();
                _used = 0;
            }

            if (_used >= linesPerSecond)
            {
                _suppressed++;
                suppressed = 0;
                return false;
            }

            _used++;
            suppressed = _suppressed;
            _suppressed = 0;
            return true;
        }
    }
}
