namespace AgentGateway.Proxy.Hosting;

/// <summary>What still has to happen before the gateway may take traffic. Ready when nothing is pending.</summary>
internal sealed class Readiness
{
    private readonly Lock _lock = new();
    private readonly SortedSet<string> _pending = new(StringComparer.Ordinal);

    public void Pending(string step)
    {
        lock (_lock)
        {
            _pending.Add(step);
        }
    }

    public void Done(string step)
    {
        lock (_lock)
        {
            _pending.Remove(step);
        }
    }

    /// <summary>Steps that are not done, in order; empty when ready.</summary>
    public string[] Outstanding()
    {
        lock (_lock)
        {
            return [.. _pending];
        }
    }
}
