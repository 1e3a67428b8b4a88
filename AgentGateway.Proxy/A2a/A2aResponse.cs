using AgentGateway.Proxy.Policies;
using AgentGateway.Proxy.Requests;

namespace AgentGateway.Proxy.A2a;

/// <summary>Looks at the answer to an A2A message. Event streams are not looked at: they pass as they come.</summary>
internal sealed class A2aResponse(RequestContext context) : IResponsePolicy
{
    public bool ReadsBody => A2aHandler.IsJson(context.Http.Response.ContentType) && context.Http.Response.Headers.ContentEncoding.Count == 0;

    public ValueTask<GatewayReply?> ApplyAsync(RequestContext request)
    {
        if (request.ResponseBodyIsWhole && ReadsBody)
        {
            A2aMessage.Describe(request.ResponseBody.Span, request.Record);
        }

        return default;
    }
}
