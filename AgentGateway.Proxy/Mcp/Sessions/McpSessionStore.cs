using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;

namespace AgentGateway.Proxy.Mcp.Sessions;

/// <summary>The open sessions of one backend. A timer ends those that nobody has used for the configured time.</summary>
internal sealed class McpSessionStore : IAsyncDisposable
{
    private static readonly TimeSpan ReaperPeriod = TimeSpan.FromSeconds(30);

    private readonly ConcurrentDictionary<string, McpSession> _sessions = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<Task, bool> _closing = new();
    private readonly Lock _deletedLock = new();
    private readonly HashSet<string> _deleted = new(StringComparer.Ordinal);
    private readonly Queue<string> _deletedOrder = new();
    private readonly TimeSpan _idleTime;
    private readonly TimeProvider _time;
    private readonly McpLog _log;
    private readonly ITimer _reaper;

    public McpSessionStore(string backend, TimeSpan idleTime, TimeProvider time, McpLog log)
    {
        Backend = backend;
        _idleTime = idleTime;
        _time = time;
        _log = log;
        _reaper = time.CreateTimer(static store => ((McpSessionStore)store!).Reap(), this, ReaperPeriod, ReaperPeriod);
    }

    /// <summary>Key of the backend, for logs.</summary>
    public string Backend { get; set; }

    public int Count => _sessions.Count;

    public bool TryGet(string id, [NotNullWhen(true)] out McpSession? session) => _sessions.TryGetValue(id, out session);

    /// <summary>Registers a session; one that stands under the identifier already wins and is returned.</summary>
    public McpSession Add(McpSession session) => _sessions.GetOrAdd(session.Id, session);

    /// <summary>Takes a session out without closing it; false when it was not there.</summary>
    public bool Remove(string id, [NotNullWhen(true)] out McpSession? session) => _sessions.TryRemove(id, out session);

    /// <summary>True when the client ended the session, so that its identifier must not bring it back.</summary>
    public bool WasDeleted(string id)
    {
        lock (_deletedLock)
        {
            return _deleted.Contains(id);
        }
    }

    public void RememberDeleted(string id)
    {
        lock (_deletedLock)
        {
            if (!_deleted.Add(id))
            {
                return;
            }

            _deletedOrder.Enqueue(id);
            if (_deletedOrder.Count > McpLimits.RememberedDeletions)
            {
                _deleted.Remove(_deletedOrder.Dequeue());
            }
        }
    }

    /// <summary>Takes a session out and ends it in the background.</summary>
    /// <param name="session">The session.</param>
    /// <param name="why">Word for the log.</param>
    /// <param name="endUpstreamSessions">True tells the upstreams too.</param>
    public void End(McpSession session, string why, bool endUpstreamSessions)
    {
        if (!_sessions.TryRemove(new KeyValuePair<string, McpSession>(session.Id, session)))
        {
            return;
        }

        _log.SessionEnded(Backend, why, (long)_time.GetElapsedTime(session.Started).TotalSeconds);
        Track(CloseAsync(session, endUpstreamSessions));
    }

    /// <summary>Ends all sessions. Those that clients can resume after a restart stay alive at their upstreams.</summary>
    public async ValueTask DisposeAsync()
    {
        await _reaper.DisposeAsync();
        foreach (var (_, session) in _sessions)
        {
            End(session, "shut down", endUpstreamSessions: !session.IsResumable);
        }

        await Task.WhenAll(_closing.Keys);
    }

    private void Reap()
    {
        foreach (var (_, session) in _sessions)
        {
            if (session.IsIdleFor(_idleTime))
            {
                End(session, "expired", endUpstreamSessions: true);
            }
        }
    }

    /// <summary>Keeps an end under way, so that the backend waits for it when it is disposed of.</summary>
    public void Track(Task closing)
    {
        _closing.TryAdd(closing, true);
        closing.ContinueWith(static (task, store) => ((McpSessionStore)store!)._closing.TryRemove(task, out _), this, TaskScheduler.Default);
    }

    private async Task CloseAsync(McpSession session, bool endUpstreamSessions)
    {
        try
        {
            await session.CloseAsync(null, endUpstreamSessions);
        }
        catch (Exception error) when (error is not OutOfMemoryException)
        {
            _log.CloseFailed(Backend, error);
        }
    }
}
