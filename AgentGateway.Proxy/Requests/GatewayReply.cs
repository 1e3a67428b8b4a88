using AgentGateway.Proxy.Telemetry;
using Microsoft.Extensions.Primitives;

namespace AgentGateway.Proxy.Requests;

/// <summary>
/// A response made by the gateway itself: an error of the error table, a redirect, a direct response. It is a value that policies and backends
/// return, so that whatever other policies owe (CORS, rate limit headers) still reaches the client.
/// </summary>
internal sealed partial class GatewayReply
{
    public required int Status { get; init; }

    /// <summary>
    /// The response's own head as it stands, with another body: what a policy that replaces the body returns. Status and headers of this reply
    /// are not looked at.
    /// </summary>
    public bool KeepsHead { get; init; }

    /// <summary>Why; goes to the access log and to metrics.</summary>
    public required ResponseReason Reason { get; init; }

    /// <summary>Body; empty for none.</summary>
    public ReadOnlyMemory<byte> Body { get; init; }

    /// <summary>Media type of the body, <c>text/plain</c> unless said otherwise; null sends no header.</summary>
    public string? ContentType { get; init; } = "text/plain";

    /// <summary>Extra response headers.</summary>
    public IReadOnlyList<KeyValuePair<string, StringValues>> Headers { get; init; } = [];

    /// <summary>Error message for the log and the span, null when the reply is no error of the gateway (a redirect, a direct response).</summary>
    public string? Error { get; init; }

    /// <summary>gRPC status code when the client speaks gRPC; null derives it from <see cref="Status"/>.</summary>
    public int? GrpcStatus { get; init; }

    /// <summary>The response as it stands, with another body.</summary>
    public static GatewayReply WithBody(RequestContext context, ReadOnlyMemory<byte> body) =>
        new() { Status = context.Http.Response.StatusCode, Reason = context.Record.Reason, Error = context.Record.Error, KeepsHead = true, Body = body };

    /// <summary>An error whose body is its message, as plain text.</summary>
    public static GatewayReply Failure(int status, ResponseReason reason, string message) =>
        new() { Status = status, Reason = reason, Error = message, Body = System.Text.Encoding.UTF8.GetBytes(message) };
}
