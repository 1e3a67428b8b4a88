using AgentGateway.Proxy.Mcp.Messages;
using AgentGateway.Proxy.Mcp.Streaming;

namespace AgentGateway.Proxy.Mcp.Upstreams;

/// <summary>
/// Messages of a server that belong to no request, kept for the client's event stream. Bounded: the oldest make way. The newest event
/// stream takes over, because a client whose connection broke opens another before the old one is known to be dead.
/// </summary>
internal sealed class EventQueue(Action<JsonRpcMessage> dropped)
{
    private readonly Lock _lock = new();
    private readonly Queue<JsonRpcMessage> _queue = new();
    private Stream? _attached;
    private int _bytes;
    private bool _closed;

    public bool IsAttached
    {
        get
        {
            lock (_lock)
            {
                return _attached is not null;
            }
        }
    }

    public void Add(JsonRpcMessage message)
    {
        List<JsonRpcMessage>? lost = null;
        lock (_lock)
        {
            if (_closed)
            {
                return;
            }

            _queue.Enqueue(message);
            _bytes += message.Json.Length;
            while (_queue.Count > McpLimits.QueuedMessages || (_bytes > McpLimits.QueuedEventBytes && _queue.Count > 1))
            {
                var oldest = _queue.Dequeue();
                _bytes -= oldest.Json.Length;
                (lost ??= []).Add(oldest);
            }

            _attached?.Wake();
        }

        if (lost is not null)
        {
            foreach (var oldest in lost)
            {
                dropped(oldest);
            }
        }
    }

    public MessageStream Attach()
    {
        var stream = new Stream(this);
        lock (_lock)
        {
            _attached?.Wake();
            _attached = stream;
        }

        return stream;
    }

    /// <summary>Ends the attached stream; the server is gone.</summary>
    public void Close()
    {
        lock (_lock)
        {
            _closed = true;
            _attached?.Wake();
        }
    }

    private sealed class Stream(EventQueue events) : MessageStream
    {
        private TaskCompletionSource _ready = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public void Wake() => _ready.TrySetResult();

        public override async ValueTask<bool> ReadAsync(CancellationToken cancellationToken)
        {
            while (true)
            {
                Task ready;
                lock (events._lock)
                {
                    if (!ReferenceEquals(events._attached, this))
                    {
                        return false;
                    }

                    if (events._queue.TryDequeue(out var message))
                    {
                        events._bytes -= message.Json.Length;
                        Current = message;
                        return true;
                    }

                    if (events._closed)
                    {
                        return false;
                    }

                    if (_ready.Task.IsCompleted)
                    {
                        _ready = new(TaskCreationOptions.RunContinuationsAsynchronously);
                    }

                    ready = _ready.Task;
                }

                await ready.WaitAsync(cancellationToken);
            }
        }

        public override ValueTask DisposeAsync()
        {
            lock (events._lock)
            {
                if (ReferenceEquals(events._attached, this))
                {
                    events._attached = null;
                }
            }

            return ValueTask.CompletedTask;
        }
    }
}
