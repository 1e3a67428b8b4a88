namespace AgentGateway.Proxy.Telemetry.Metrics;

/// <summary>The series that a request with the same labels updates.</summary>
internal sealed record RequestSeries(Series Requests, HistogramSeries Duration, MetricFamily BytesFamily, MetricFamily RetriesFamily, MetricFamily ProcessingFamily, MetricFamily ResponseProcessingFamily, string?[] Values, string Custom)
{
    // Made when there is something to count: a family shows no series without a byte or a retry.
    public Series Bytes => field ??= BytesFamily.Get(Custom, Values);

    public Series Retries => field ??= RetriesFamily.Get(Custom, Values);

    // Its labels are a part of the request's: the backend, and where the request was routed.
    public HistogramSeries Processing => field ??= ProcessingFamily.GetHistogram(Custom, [Values[0], .. Values.AsSpan(5)]);

    public HistogramSeries ResponseProcessing => field ??= ResponseProcessingFamily.GetHistogram(Custom, [Values[0], .. Values.AsSpan(5)]);
}
