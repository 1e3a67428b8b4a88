using AgentGateway.Proxy.Backends.Transport;
using AgentGateway.Proxy.Requests;
using AgentGateway.Proxy.Telemetry;
using Microsoft.AspNetCore.Http;

namespace AgentGateway.Proxy.Backends.Forwarding;

/// <summary>The replies for failed attempts (error table 1.13).</summary>
internal static class UpstreamReplies
{
    public static GatewayReply AttemptTimeout { get; } = GatewayReply.Failure(504, ResponseReason.Timeout, "upstream call timeout");

    public static GatewayReply Of(UpstreamException failure) => failure.Failure switch
    {
        UpstreamFailure.Resolve => GatewayReply.Failure(503, ResponseReason.UpstreamFailure, "backends required DNS resolution which failed"),
        UpstreamFailure.InvalidRequest => GatewayReply.Failure(503, ResponseReason.Internal, "processing failed: " + failure.Message),
        UpstreamFailure.RequestBody when failure.InnerException is BadHttpRequestException bad =>
            GatewayReply.InvalidBody(bad),
        UpstreamFailure.RequestBody or UpstreamFailure.ClientField => GatewayReply.InvalidRequest,
        _ => GatewayReply.Failure(503, ResponseReason.UpstreamFailure, "upstream call failed: " + failure.Message),
    };
}
