namespace AgentGateway.Proxy.Policies;

/// <summary>
/// State of policies that outlives a reload: it goes on as long as the same place has equal settings. Held weakly: what no runtime and no
/// request uses any more is free to go.
/// </summary>
internal sealed class PolicyState
{
    private readonly Lock _lock = new();
    private Dictionary<(string Owner, PolicyStage Stage, Type Kind, int Entry), (object Settings, WeakReference<object> State)> _states = [];
    private int _pruneAt = 64;

    /// <summary>The state of a policy; made anew when its settings have changed.</summary>
    /// <param name="scope">Place of the policy.</param>
    /// <param name="settings">Settings that the state belongs to.</param>
    /// <param name="create">Makes the first state.</param>
    public TState For<TState>(PolicyScope scope, object settings, Func<TState> create)
        where TState : class
    {
        var key = (scope.StateKey, scope.Stage, settings.GetType(), scope.Entry);
        lock (_lock)
        {
            if (_states.TryGetValue(key, out var kept) && kept.Settings.Equals(settings) && kept.State.TryGetTarget(out var target) && target is TState state)
            {
                return state;
            }

            if (_states.Count >= _pruneAt)
            {
                _states = _states.Where(entry => entry.Value.State.TryGetTarget(out _)).ToDictionary();
                _pruneAt = Math.Max(64, _states.Count * 2);
            }

            state = create();
            _states[key] = (settings, new WeakReference<object>(state));
            return state;
        }
    }
}
