namespace AgentGateway.Proxy.Policies.ExtAuthz;

/// <summary>Decisions that may be used again, by key. Bounded: when it is full, ended ones go, and if there are none, all.</summary>
internal sealed class AuthzCache(int capacity, TimeProvider time)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, (AuthzDecision Decision, DateTimeOffset Until)> _decisions = new(StringComparer.Ordinal);

    public AuthzDecision? Find(string key)
    {
        lock (_lock)
        {
            if (_decisions.TryGetValue(key, out var kept))
            {
                if (time.GetUtcNow() < kept.Until)
                {
                    return kept.Decision;
                }

                _decisions.Remove(key);
            }

            return null;
        }
    }

    public void Add(string key, AuthzDecision decision, DateTimeOffset until)
    {
        lock (_lock)
        {
            var now = time.GetUtcNow();
            if (until <= now || capacity == 0)
            {
                return;
            }

            if (_decisions.Count >= capacity && !_decisions.ContainsKey(key))
            {
                foreach (var (other, kept) in _decisions)
                {
                    if (kept.Until <= now)
                    {
                        _decisions.Remove(other);
                    }
                }

                if (_decisions.Count >= capacity)
                {
                    _decisions.Clear();
                }
            }

            _decisions[key] = (decision, until);
        }
    }
}
