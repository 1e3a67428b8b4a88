using AgentGateway.Proxy.Backends.Transport;
using AgentGateway.Proxy.Requests;

namespace AgentGateway.Proxy.Backends.Forwarding;

/// <summary>Outcome of one attempt: a response, or the reply that the client would get for the failure.</summary>
internal readonly record struct UpstreamAttempt(UpstreamResponse? Response, GatewayReply? Reply, bool IsRetryable, Resolution.UpstreamEndpoint? Endpoint = null);
