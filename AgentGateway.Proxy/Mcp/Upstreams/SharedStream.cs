using AgentGateway.Proxy.Mcp.Messages;
using AgentGateway.Proxy.Mcp.Streaming;

namespace AgentGateway.Proxy.Mcp.Upstreams;

/// <summary>
/// The one stream on which a server sends everything that is meant for a session: standard output, or the event stream of the older HTTP transport.
/// </summary>
/// <remarks>
/// Such a stream says nothing of the client's streams, so the gateway decides which of them gets a message: answers by identifier, progress by its
/// token, requests to the client and log messages to the newest call under way (they relate to it in practice), changes of lists and resources
/// to the event stream.
/// </remarks>
internal sealed class SharedStream
{
    private readonly string _target;
    private readonly string _server;
    private readonly McpLog _log;
    private readonly LogBudget _budget;
    private readonly Func<byte[], ValueTask> _send;
    private readonly Lock _lock = new();
    private readonly Dictionary<string, PendingCall> _pending = new(StringComparer.Ordinal);
    private readonly List<PendingCall> _order = [];
    private readonly EventQueue _events;
    private McpUpstreamException? _failure;

    /// <param name="target">Name of the target, for logs.</param>
    /// <param name="server">Kind of server in words, for errors.</param>
    /// <param name="log">Where the server's oddities are told.</param>
    /// <param name="time">Clock.</param>
    /// <param name="send">Sends a message of the gateway's own to the server.</param>
    public SharedStream(string target, string server, McpLog log, TimeProvider time, Func<byte[], ValueTask> send)
    {
        _target = target;
        _server = server;
        _log = log;
        _budget = new LogBudget(time, linesPerSecond: 10);
        _send = send;
        _events = new EventQueue(DropEvent);
    }

    /// <summary>True when the server is gone.</summary>
    public bool HasFailed
    {
        get
        {
            lock (_lock)
            {
                return _failure is not null;
            }
        }
    }

    /// <summary>Requests under way.</summary>
    public int Count
    {
        get
        {
            lock (_lock)
            {
                return _pending.Count;
            }
        }
    }

    /// <summary>Stream of the messages that belong to no request; it takes over from the one before it.</summary>
    public MessageStream Attach() => _events.Attach();

    /// <summary>Makes room for the answer to a request that is about to be sent.</summary>
    /// <exception cref="McpUpstreamException">The server is gone, too much is under way, or the identifier is.</exception>
    public PendingCall Begin(JsonRpcMessage message)
    {
        var token = message.MetaProgressToken.IsPresent ? message.KeyOf(message.MetaProgressToken) : null;
        var pending = new PendingCall(this, message.IdKey(), token, message.Method!);
        lock (_lock)
        {
            if (_failure is not null)
            {
                throw _failure;
            }

            if (_pending.Count >= McpLimits.PendingRequests)
            {
                throw new McpUpstreamException($"failed to send message: more than {McpLimits.PendingRequests} requests are under way in this session");
            }

            if (!_pending.TryAdd(pending.Id, pending))
            {
                throw new McpUpstreamException("failed to send message: a request with this id is under way in this session");
            }

            _order.Add(pending);
        }

        return pending;
    }

    public void Forget(PendingCall pending)
    {
        lock (_lock)
        {
            if (_pending.TryGetValue(pending.Id, out var known) && ReferenceEquals(known, pending))
            {
                _pending.Remove(pending.Id);
                _order.Remove(pending);
            }
        }
    }

    /// <summary>Hands a text of the server to whom it is meant for; one that is no message is passed over and told to the log.</summary>
    public async ValueTask TakeAsync(ReadOnlyMemory<byte> text)
    {
        var message = new JsonRpcMessage();
        if (!message.TryParse(text.ToArray(), out var reason))
        {
            if (_budget.Take(out var suppressed))
            {
                _log.Garbage(_target, reason, LogText.Of(text.Span, 200), suppressed);
            }

            // Servers print banners and debug output; that is passed over. What looks like a message and is none was an answer that is lost.
            if (text.Span.TrimStart(" \t"u8) is [(byte)'{', ..])
            {
                FailPending(new McpUpstreamException($"failed to send message: {_server} sent a message that cannot be read"));
            }

            return;
        }

        switch (message.Kind)
        {
            case JsonRpcKind.Response or JsonRpcKind.Error:
                await AnswerAsync(message);
                return;
            case JsonRpcKind.Notification when message.Method == McpMethods.Progress && message.ProgressToken.IsPresent:
                await DeliverAsync(message, ByProgressToken(message.KeyOf(message.ProgressToken)));
                return;
            case JsonRpcKind.Notification when IsChange(message.Method!) && _events.IsAttached:
                _events.Add(message);
                return;
            default:
                await DeliverAsync(message, Newest());
                return;
        }
    }

    /// <summary>The server is gone: requests under way and all later ones fail.</summary>
    public void Fail(McpUpstreamException error)
    {
        lock (_lock)
        {
            _failure ??= error;
        }

        FailPending(error);
    }

    public void FailPending(McpUpstreamException error)
    {
        PendingCall[] failed;
        lock (_lock)
        {
            failed = [.. _order];
            _order.Clear();
            _pending.Clear();
        }

        foreach (var pending in failed)
        {
            pending.Fail(error);
        }
    }

    /// <summary>Ends the stream of messages that belong to no request.</summary>
    public void Close() => _events.Close();

    private async ValueTask AnswerAsync(JsonRpcMessage message)
    {
        PendingCall? pending = null;
        lock (_lock)
        {
            if (message.IdSlice.IsPresent)
            {
                _pending.Remove(message.IdKey(), out pending);
            }
            else if (_pending.Count == 1)
            {
                // An error without identifier: the server could not read the only request there is.
                pending = _order[0];
                _pending.Remove(pending.Id);
            }

            if (pending is not null)
            {
                _order.Remove(pending);
            }
        }

        if (pending is null)
        {
            _log.Unexpected(_target);
            return;
        }

        await pending.AddAsync(message);
        pending.Complete();
    }

    private ValueTask DeliverAsync(JsonRpcMessage message, PendingCall? pending)
    {
        if (pending is not null)
        {
            return pending.AddAsync(message);
        }

        _events.Add(message);
        return ValueTask.CompletedTask;
    }

    private PendingCall? ByProgressToken(string token)
    {
        lock (_lock)
        {
            foreach (var pending in _order)
            {
                if (string.Equals(pending.ProgressToken, token, StringComparison.Ordinal))
                {
                    return pending;
                }
            }
        }

        return null;
    }

    private PendingCall? Newest()
    {
        lock (_lock)
        {
            for (var i = _order.Count - 1; i >= 0; i--)
            {
                if (_order[i].IsToolCall)
                {
                    return _order[i];
                }
            }

            return _order.Count > 0 ? _order[^1] : null;
        }
    }

    private static bool IsChange(string method) =>
        method == McpMethods.ResourceUpdated || method.EndsWith("/list_changed", StringComparison.Ordinal);

    // A request of the server that no client will see must not leave the server waiting.
    private void DropEvent(JsonRpcMessage message)
    {
        if (_budget.Take(out var suppressed))
        {
            _log.Dropped(_target, suppressed + 1);
        }

        if (message.Kind == JsonRpcKind.Request)
        {
            _ = RefuseAsync(JsonRpcText.Error(message.Id, JsonRpcText.InternalError, "no client stream took the request"));
        }
    }

    private async Task RefuseAsync(byte[] error)
    {
        try
        {
            await _send(error);
        }
        catch (McpUpstreamException failure)
        {
            _log.StreamEnded(_target, failure.Message);
        }
    }
}
