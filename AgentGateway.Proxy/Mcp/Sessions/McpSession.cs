using AgentGateway.Configuration.Snapshot;
using AgentGateway.Proxy.Mcp.Upstreams;
using AgentGateway.Proxy.Requests;

namespace AgentGateway.Proxy.Mcp.Sessions;

/// <summary>A client's session: one connection to each target.</summary>
internal sealed class McpSession : IAsyncDisposable
{
    private readonly TimeProvider _time;
    private readonly CancellationTokenSource _ending = new();
    private int _active;
    private long _lastUse;
    private int _closed;

    public McpSession(McpUpstream[] upstreams, TimeProvider time)
    {
        Upstreams = upstreams;
        _time = time;
        Started = _lastUse = time.GetTimestamp();
    }

    /// <summary>Identifier that the client knows; empty until the session is registered.</summary>
    public string Id { get; set; } = "";

    /// <summary>Connections in the order of the backend's targets, without those that were left out.</summary>
    public McpUpstream[] Upstreams { get; }

    /// <summary>The connection to a target, null when it was left out.</summary>
    public McpUpstream? Find(McpTargetSnapshot target) => Array.Find(Upstreams, upstream => ReferenceEquals(upstream.Target, target));

    public long Started { get; }

    /// <summary>Cancelled when the session ends: event streams end with it.</summary>
    public CancellationToken Ending => _ending.Token;

    public bool IsResumable => Array.TrueForAll(Upstreams, static upstream => upstream.IsResumable);

    /// <summary>True when no upstream is left.</summary>
    public bool IsDead => Array.TrueForAll(Upstreams, static upstream => upstream.IsClosed);

    /// <summary>Marks the start of a request or stream, since a session in use does not expire; false when too many are under way.</summary>
    public bool TryEnter()
    {
        if (Interlocked.Increment(ref _active) <= McpLimits.PendingRequests)
        {
            return true;
        }

        Interlocked.Decrement(ref _active);
        return false;
    }

    public void Leave()
    {
        Volatile.Write(ref _lastUse, _time.GetTimestamp());
        Interlocked.Decrement(ref _active);
    }

    public bool IsIdleFor(TimeSpan time) => Volatile.Read(ref _active) == 0 && _time.GetElapsedTime(Volatile.Read(ref _lastUse)) >= time;

    /// <summary>Ends streams and upstream connections. Only the first call acts.</summary>
    public async ValueTask CloseAsync(RequestContext? context, bool endUpstreamSessions)
    {
        if (Interlocked.Exchange(ref _closed, 1) != 0)
        {
            return;
        }

        await _ending.CancelAsync();
        if (Upstreams.Length == 1)
        {
            await Upstreams[0].CloseAsync(context, endUpstreamSessions);
        }
        else
        {
            await Task.WhenAll(Array.ConvertAll(Upstreams, upstream => upstream.CloseAsync(context, endUpstreamSessions).AsTask()));
        }
    }

    public async ValueTask DisposeAsync()
    {
        await CloseAsync(null, endUpstreamSessions: !IsResumable);
        _ending.Dispose();
    }
}
