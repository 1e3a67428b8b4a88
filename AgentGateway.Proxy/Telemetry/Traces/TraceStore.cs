using AgentGateway.Proxy.Telemetry.Tracing;

namespace AgentGateway.Proxy.Telemetry.Traces;

/// <summary>
/// The last traces of this process, in memory, for <c>GET /api/traces</c>. A ring of encoded spans, bounded by requests and by bytes: the
/// oldest make room, nothing is allocated for a request.
/// </summary>
internal sealed class TraceStore(int maxRequests = 2000, int maxBytes = 8 * 1024 * 1024)
{
    private readonly Lock _lock = new();
    private readonly Queue<Entry> _entries = new();
    private byte[]? _ring;
    private int _write;

    /// <summary>Requests that were too large to keep.</summary>
    public long Skipped { get; private set; }

    /// <summary>Requests that are held.</summary>
    public int Count
    {
        get
        {
            lock (_lock)
            {
                return _entries.Count;
            }
        }
    }

    /// <summary>Keeps the <paramref name="spans"/> of one request, encoded as <see cref="SpanWriter"/> does it.</summary>
    public void Add(TraceId trace, string service, ReadOnlySpan<byte> spans)
    {
        lock (_lock)
        {
            // One request must not empty the store.
            if (spans.Length > maxBytes / 4)
            {
                Skipped++;
                return;
            }

            _ring ??= GC.AllocateUninitializedArray<byte>(maxBytes);
            if (_write + spans.Length > _ring.Length)
            {
                // No entry is split: what stands behind the write position is the oldest and goes.
                while (_entries.TryPeek(out var oldest) && oldest.Offset >= _write)
                {
                    _entries.Dequeue();
                }

                _write = 0;
            }

            while (_entries.TryPeek(out var oldest)
                && (_entries.Count >= maxRequests || (oldest.Offset < _write + spans.Length && _write < oldest.Offset + oldest.Length)))
            {
                _entries.Dequeue();
            }

            spans.CopyTo(_ring.AsSpan(_write));
            _entries.Enqueue(new Entry(trace, service, _write, spans.Length));
            _write += spans.Length;
        }
    }

    /// <summary>
    /// Copies the newest traces, newest first, each with the spans of all its requests that are still held.
    /// </summary>
    /// <param name="limit">Most traces to return.</param>
    /// <param name="only">One trace, or null for all.</param>
    /// <param name="service">One service, or null for all.</param>
    public IReadOnlyList<StoredTrace> Read(int limit, TraceId? only = null, string? service = null)
    {
        var chosen = new List<(TraceId Id, List<byte[]> Requests, string Service)>();
        lock (_lock)
        {
            var positions = new Dictionary<TraceId, int>();
            foreach (var entry in _entries.Reverse())
            {
                if ((only is { } id && id != entry.Trace) || (service is not null && service != entry.Service))
                {
                    continue;
                }

                if (!positions.TryGetValue(entry.Trace, out var position))
                {
                    if (chosen.Count >= limit)
                    {
                        continue;
                    }

                    position = chosen.Count;
                    positions.Add(entry.Trace, position);
                    chosen.Add((entry.Trace, [], entry.Service));
                }

                chosen[position].Requests.Add(_ring.AsSpan(entry.Offset, entry.Length).ToArray());
            }
        }

        var traces = new List<StoredTrace>(chosen.Count);
        foreach (var (id, requests, name) in chosen)
        {
            traces.Add(StoredTrace.Read(id, name, requests));
        }

        return traces;
    }

    private readonly record struct Entry(TraceId Trace, string Service, int Offset, int Length);
}
