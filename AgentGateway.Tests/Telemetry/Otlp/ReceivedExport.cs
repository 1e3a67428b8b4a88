namespace AgentGateway.Tests.Telemetry.Otlp;

/// <summary>One export as a collector sees it.</summary>
/// <param name="Protocol"><c>grpc</c> or <c>http</c>.</param>
/// <param name="HttpVersion">Protocol version of the connection, such as <c>HTTP/2</c>.</param>
/// <param name="Path">Path of the request.</param>
/// <param name="Headers">Headers or gRPC metadata.</param>
/// <param name="Spans">Its spans, in their order.</param>
/// <param name="Logs">Its log records, in their order.</param>
internal sealed record ReceivedExport(
    string Protocol, string HttpVersion, string Path, IReadOnlyDictionary<string, string> Headers, IReadOnlyList<ReceivedSpan> Spans, IReadOnlyList<ReceivedLog> Logs);
