using AgentGateway.Proxy.Telemetry;
using Microsoft.AspNetCore.Http;

namespace AgentGateway.Proxy.Requests;

// The errors of the gateway, each with its status, its message and its reason (config-mcp 1.13). Clients match on the messages.
// What an authentication policy or a protocol says in its own form is made there.
internal sealed partial class GatewayReply
{
    public static GatewayReply InvalidRequest { get; } = Failure(400, ResponseReason.InvalidRequest, "invalid request");

    public static GatewayReply AuthorizationFailed { get; } = Failure(403, ResponseReason.Authorization, "authorization failed");

    public static GatewayReply CsrfFailed { get; } = Failure(403, ResponseReason.Authorization, "CSRF validation failed");

    public static GatewayReply BindNotFound { get; } = Failure(404, ResponseReason.NotFound, "bind not found");

    public static GatewayReply ListenerNotFound { get; } = Failure(404, ResponseReason.NotFound, "listener not found");

    public static GatewayReply RouteNotFound { get; } = Failure(404, ResponseReason.NotFound, "route not found");

    public static GatewayReply MethodNotAllowed { get; } = Failure(405, ResponseReason.InvalidRequest, "method not allowed");

    public static GatewayReply Misdirected { get; } = Failure(421, ResponseReason.NotFound, "misdirected request");

    /// <summary>Carries no <c>x-ratelimit-*</c> headers of its own: the policy owes them to every response.</summary>
    public static GatewayReply RateLimitExceeded { get; } = Failure(429, ResponseReason.RateLimit, "rate limit exceeded");

    public static GatewayReply RateLimitFailed { get; } = Failure(500, ResponseReason.RateLimit, "rate limit failed");

    public static GatewayReply NoValidBackends { get; } = Failure(500, ResponseReason.Internal, "no valid backends", GrpcUnavailable);

    public static GatewayReply BackendDoesNotExist { get; } = Failure(500, ResponseReason.Internal, "backend does not exist");

    public static GatewayReply ServiceNotFound { get; } = Failure(500, ResponseReason.Internal, "service not found");

    public static GatewayReply InvalidBackendType { get; } = Failure(500, ResponseReason.Internal, "invalid backend type");

    public static GatewayReply MirrorBackendUnsupported { get; } = Failure(500, ResponseReason.Internal, "backend type cannot be used in mirror");

    public static GatewayReply DelegationCycle { get; } = Failure(500, ResponseReason.Internal, "route delegation cycle detected");

    public static GatewayReply NoHealthyBackends { get; } = Failure(503, ResponseReason.NoHealthyBackend, "no healthy backends");

    public static GatewayReply DnsFailed { get; } = Failure(503, ResponseReason.UpstreamFailure, "backends required DNS resolution which failed");

    public static GatewayReply RequestTimeout { get; } = Failure(504, ResponseReason.Timeout, "request timeout");

    public static GatewayReply UpstreamCallTimeout { get; } = Failure(504, ResponseReason.Timeout, "upstream call timeout");

    private const int GrpcUnavailable = 14;

    /// <summary>The client's body cannot be read: it is malformed, too slow or cut off. What follows it on the connection cannot be told from it.</summary>
    /// <param name="error">What the server or <see cref="BodyPace"/> found.</param>
    public static GatewayReply InvalidBody(BadHttpRequestException error) =>
        Closing(error.StatusCode, error.StatusCode == StatusCodes.Status408RequestTimeout ? "request timeout" : "invalid request");

    /// <summary>The request cannot be told from what follows it: the connection ends with the answer.</summary>
    public static GatewayReply Closing(int status, string message) => new()
    {
        Status = status,
        Reason = ResponseReason.InvalidRequest,
        Error = message,
        Body = System.Text.Encoding.UTF8.GetBytes(message),
        Headers = [new("Connection", "close")],
    };

    /// <summary>A filter (redirect, rewrite, header modifier) cannot be applied to this request.</summary>
    public static GatewayReply FilterFailed(string detail) => Failure(500, ResponseReason.Internal, $"failed to apply filters: {detail}");

    public static GatewayReply BackendAuthenticationFailed(string detail) => Failure(500, ResponseReason.Internal, $"backend authentication failed: {detail}");

    public static GatewayReply UpgradeFailed(string detail) => Failure(502, ResponseReason.UpstreamFailure, $"request upgrade failed, {detail}");

    public static GatewayReply UpstreamCallFailed(string detail) => Failure(503, ResponseReason.UpstreamFailure, $"upstream call failed: {detail}");

    public static GatewayReply ProcessingFailed(string detail) => Failure(503, ResponseReason.Internal, $"processing failed: {detail}");

    public static GatewayReply BodyFailed(string detail) => Failure(503, ResponseReason.Internal, $"parsing body: {detail}");

    private static GatewayReply Failure(int status, ResponseReason reason, string message, int grpcStatus) =>
        new() { Status = status, Reason = reason, Error = message, Body = System.Text.Encoding.UTF8.GetBytes(message), GrpcStatus = grpcStatus };
}
