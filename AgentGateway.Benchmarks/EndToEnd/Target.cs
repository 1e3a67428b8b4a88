namespace AgentGateway.Benchmarks.EndToEnd;

/// <summary>Something that is measured; running, unless it is the upstream itself or not available here.</summary>
/// <param name="Name">Name in tables.</param>
/// <param name="Port">Port for HTTP/1.1.</param>
/// <param name="Http2Port">Port for HTTP/2 without TLS.</param>
/// <param name="Process">The program, or null for the upstream itself.</param>
internal sealed record Target(string Name, int Port, int Http2Port, BenchmarkProcess? Process)
{
    /// <summary>The upstream takes event streams on another port.</summary>
    public int? EventPort { get; init; }

    /// <summary>Protocols that the target does not speak are left out.</summary>
    public bool HasHttp2 { get; init; } = true;

    public int PortOf(Workload workload) => workload.Streams && EventPort is { } events ? events : workload.Http2 ? Http2Port : Port;
}
