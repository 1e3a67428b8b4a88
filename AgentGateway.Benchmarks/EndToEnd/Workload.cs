namespace AgentGateway.Benchmarks.EndToEnd;

/// <summary>What is asked of every target.</summary>
/// <param name="Name">Name in tables.</param>
/// <param name="Path">Request target.</param>
/// <param name="BodyBytes">Length of the request body; 0 sends GET.</param>
/// <param name="Http2">HTTP/2 without TLS on the client's side.</param>
/// <param name="Streams">An event stream, read event by event.</param>
internal sealed record Workload(string Name, string Path, int BodyBytes, bool Http2, bool Streams)
{
    public static IReadOnlyList<Workload> All { get; } =
    [
        new("get", "/small", 0, Http2: false, Streams: false),
        new("post10k", "/small", 10_240, Http2: false, Streams: false),
        new("sse", "/events", 0, Http2: false, Streams: true),
        new("get-h2c", "/small", 0, Http2: true, Streams: false),
        new("post10k-h2c", "/small", 10_240, Http2: true, Streams: false),
    ];
}
