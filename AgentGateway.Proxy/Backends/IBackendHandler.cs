using AgentGateway.Proxy.Requests;

namespace AgentGateway.Proxy.Backends;

/// <summary>Answers requests of one backend: HTTP upstream, MCP servers, LLM provider, A2A agent.</summary>
internal interface IBackendHandler
{
    /// <summary>
    /// Returns null when the response was written to <c>context.Http.Response</c> (after <see cref="RequestContext.ResponseHeadReadyAsync"/>),
    /// or a reply that the pipeline writes.
    /// </summary>
    ValueTask<GatewayReply?> HandleAsync(RequestContext context);
}
