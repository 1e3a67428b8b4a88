using AgentGateway.Proxy.Telemetry.Tracing;

namespace AgentGateway.Proxy.Telemetry.Traces;

/// <summary>A trace put together from the requests that belong to it.</summary>
/// <param name="Id">Trace id.</param>
/// <param name="Service">Service that recorded it.</param>
/// <param name="Roots">Spans whose parent is not held here, by start time; each carries its children.</param>
internal sealed record StoredTrace(TraceId Id, string Service, IReadOnlyList<StoredSpan> Roots)
{
    /// <summary>Earliest start, in nanoseconds since 1970.</summary>
    public ulong Start => Roots.Count == 0 ? 0 : Roots.Min(span => span.Start);

    /// <summary>Latest end of all roots.</summary>
    public ulong End => Roots.Count == 0 ? 0 : Roots.Max(span => span.End);

    public static StoredTrace Read(TraceId id, string service, IEnumerable<byte[]> requests)
    {
        var spans = new List<StoredSpan>();
        foreach (var request in requests)
        {
            var reader = new ProtoReader(request);
            while (reader.Read())
            {
                spans.Add(StoredSpan.Read(reader.Bytes));
            }
        }

        spans.Sort(static (a, b) => a.Start.CompareTo(b.Start));
        var byId = new Dictionary<SpanId, StoredSpan>();
        foreach (var span in spans)
        {
            byId.TryAdd(span.Id, span);
        }

        var roots = new List<StoredSpan>();
        foreach (var span in spans)
        {
            if (!span.Parent.IsEmpty && byId.TryGetValue(span.Parent, out var parent) && !ReferenceEquals(parent, span))
            {
                parent.Children.Add(span);
            }
            else
            {
                roots.Add(span);
            }
        }

        return new StoredTrace(id, service, roots);
    }
}
