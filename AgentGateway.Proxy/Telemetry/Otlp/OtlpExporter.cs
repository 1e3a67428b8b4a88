using Microsoft.Extensions.Logging;

namespace AgentGateway.Proxy.Telemetry.Otlp;

/// <summary>
/// Collects encoded spans or log records in batches and sends them in the background. What a request pays is one copy of its bytes; a collector
/// that is slow or down costs dropped items, a counter and one log line in half a minute.
/// </summary>
internal sealed partial class OtlpExporter : IAsyncDisposable
{
    private static readonly TimeSpan ReportInterval = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan DefaultRetryDelay = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan MaxRetryDelay = TimeSpan.FromSeconds(10);

    private readonly Lock _lock = new();
    private readonly Queue<Batch> _ready = new();
    private readonly SemaphoreSlim _signal = new(0, 1);
    private readonly CancellationTokenSource _abort;
    private readonly OtlpClient _client;
    private readonly OtlpSignal _kind;
    private readonly BatchOptions _options;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly ITimer _timer;
    private readonly Task _worker;

    private Batch? _open;
    private int _queuedItems;
    private int _queuedBytes;
    private bool _closed;
    private bool _busy;
    private TaskCompletionSource? _idle;
    private long _sent;
    private long _dropped;
    private long _droppedReported;
    private long _lastReport;
    private bool _reported;
    private bool _overflowed;

    public OtlpExporter(OtlpClient client, OtlpSignal signal, BatchOptions options, TimeProvider time, ILogger logger)
    {
        _client = client;
        _kind = signal;
        _options = options;
        _time = time;
        _logger = logger;
        _abort = new CancellationTokenSource(Timeout.InfiniteTimeSpan, time);

        // Started by configuration, which may run inside a request of the admin API: nothing of it may flow into the background.
        using (ExecutionContext.SuppressFlow())
        {
            _worker = Task.Run(RunAsync);
            _timer = time.CreateTimer(static state => ((OtlpExporter)state!).CloseOpenBatch(), this, options.ScheduleDelay, options.ScheduleDelay);
        }
    }

    private string Overflow =>
        $"more came than it took, and the queue of {_options.MaxQueueSize} {_kind.Items} or {_options.MaxQueueBytes / 1024 / 1024} MiB was full; raise {_kind.VariablePrefix}_MAX_QUEUE_SIZE or send less";

    /// <summary>Items that a collector took.</summary>
    public long Sent => Interlocked.Read(ref _sent);

    /// <summary>Items that were lost: queue full, export failed, or rejected by the collector.</summary>
    public long Dropped => Interlocked.Read(ref _dropped);

    /// <summary>Takes the items of one request. False when the exporter was replaced; a full queue drops them and is true.</summary>
    public bool TryAdd(ReadOnlySpan<byte> items, int count)
    {
        lock (_lock)
        {
            if (_closed)
            {
                return false;
            }

            if (_queuedItems + count > _options.MaxQueueSize || (_queuedBytes > 0 && _queuedBytes + items.Length > _options.MaxQueueBytes))
            {
                Interlocked.Add(ref _dropped, count);
                _overflowed = true;
                return true;
            }

            if (_open is { } open && (open.Count + count > _options.MaxBatchSize || open.Items.Length + items.Length > _options.MaxBatchBytes))
            {
                Enqueue(open);
            }

            _open ??= new Batch(new ByteBuffer(Math.Max(16 * 1024, items.Length)));
            _open.Items.Append(items);
            _open.Count += count;
            _queuedItems += count;
            _queuedBytes += items.Length;
            if (_open.Count >= _options.MaxBatchSize)
            {
                Enqueue(_open);
            }

            return true;
        }
    }

    /// <summary>Sends what waits now. Completes when everything that was there has been sent or dropped.</summary>
    public Task FlushAsync()
    {
        lock (_lock)
        {
            if (_open is { } open)
            {
                Enqueue(open);
            }

            if (_ready.Count == 0 && !_busy)
            {
                return Task.CompletedTask;
            }

            return (_idle ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).Task;
        }
    }

    /// <summary>Takes no more items, sends what waits within the shutdown bound, and ends.</summary>
    public async ValueTask DisposeAsync()
    {
        lock (_lock)
        {
            if (_closed)
            {
                return;
            }

            _closed = true;
        }

        await _timer.DisposeAsync();
        _abort.CancelAfter(_options.ShutdownTimeout);
        CloseOpenBatch();
        Signal();
        await _worker;
        _client.Dispose();
        _abort.Dispose();
        _signal.Dispose();
    }

    private void CloseOpenBatch()
    {
        lock (_lock)
        {
            if (_open is { } open)
            {
                Enqueue(open);
            }
        }
    }

    // Under the lock.
    private void Enqueue(Batch batch)
    {
        _open = null;
        _ready.Enqueue(batch);
        Signal();
    }

    private void Signal()
    {
        lock (_lock)
        {
            if (_signal.CurrentCount == 0)
            {
                _signal.Release();
            }
        }
    }

    private async Task RunAsync()
    {
        while (true)
        {
            await _signal.WaitAsync();
            while (TryTake() is { } batch)
            {
                using (batch.Items)
                {
                    await ExportAsync(batch);
                }
            }

            lock (_lock)
            {
                if (_closed && _ready.Count == 0 && _open is null)
                {
                    return;
                }
            }
        }
    }

    private Batch? TryTake()
    {
        lock (_lock)
        {
            if (_ready.TryDequeue(out var batch))
            {
                _busy = true;
                _queuedItems -= batch.Count;
                _queuedBytes -= batch.Items.Length;
                return batch;
            }

            _busy = false;
            _idle?.TrySetResult();
            _idle = null;
            return null;
        }
    }

    private async Task ExportAsync(Batch batch)
    {
        using var timeout = new CancellationTokenSource(_options.ExportTimeout, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, _abort.Token);
        var result = await _client.SendAsync(batch.Items.WrittenMemory, either.Token);
        if (result.Retryable && !_closed && !either.IsCancellationRequested
            && (result.RetryAfter ?? DefaultRetryDelay) is var delay && delay <= MaxRetryDelay)
        {
            try
            {
                await Task.Delay(delay, _time, either.Token);
                result = await _client.SendAsync(batch.Items.WrittenMemory, either.Token);
            }
            catch (OperationCanceledException)
            {
                // The first error says why.
            }
        }

        var lost = result.Accepted ? Math.Min(result.Rejected, batch.Count) : batch.Count;
        Interlocked.Add(ref _sent, batch.Count - lost);
        Interlocked.Add(ref _dropped, lost);
        if (result.Error is { } error)
        {
            Report(error);
        }
        else if (_overflowed && Report(Overflow))
        {
            _overflowed = false;
        }
    }

    private bool Report(string error)
    {
        var now = _time.GetTimestamp();
        if (_reported && _time.GetElapsedTime(_lastReport, now) < ReportInterval)
        {
            return false;
        }

        _reported = true;
        _lastReport = now;
        var dropped = Dropped;
        LogExportFailed(_kind.Name, _client.DisplayAddress, error, dropped - _droppedReported, _kind.Items);
        _droppedReported = dropped;
        return true;
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "{Signal} export to {Address} failed: {Error}; {Dropped} {Items} dropped since the last report")]
    private partial void LogExportFailed(string signal, string address, string error, long dropped, string items);

    private sealed class Batch(ByteBuffer items)
    {
        public ByteBuffer Items { get; } = items;

        public int Count { get; set; }
    }
}
