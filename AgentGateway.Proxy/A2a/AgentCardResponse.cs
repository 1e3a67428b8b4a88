using AgentGateway.Proxy.Policies;
using AgentGateway.Proxy.Requests;
using AgentGateway.Proxy.Telemetry;

namespace AgentGateway.Proxy.A2a;

/// <summary>Rewrites the agent card of one response.</summary>
/// <param name="context">The request.</param>
/// <param name="agentBase">Path of the agent at the upstream.</param>
internal sealed class AgentCardResponse(RequestContext context, string agentBase) : IResponsePolicy
{
    public bool ReadsBody => context.Http.Response.StatusCode == 200;

    public ValueTask<GatewayReply?> ApplyAsync(RequestContext request)
    {
        if (!ReadsBody)
        {
            return default;
        }

        try
        {
            if (!request.ResponseBodyIsWhole)
            {
                throw new FormatException("the agent card is too large");
            }

            request.ReplaceResponseBody(AgentCard.Rewrite(request.ResponseBody.Span, ExternalAddress(request), agentBase));
            return default;
        }
        catch (FormatException error)
        {
            return new(GatewayReply.Failure(503, ResponseReason.UpstreamFailure, "processing failed: " + error.Message));
        }
    }

    private static string ExternalAddress(RequestContext request)
    {
        var target = request.OriginalTarget;
        var query = target.IndexOf('?');
        var path = query < 0 ? target.AsSpan() : target.AsSpan(0, query);
        var forwarded = request.Http.Request.Headers["X-Forwarded-Proto"].ToString();
        var scheme = forwarded is "http" or "https" ? forwarded : request.Scheme;
        return $"{scheme}://{request.OriginalAuthority}{AgentCard.BaseOf(path) ?? path.TrimEnd('/').ToString()}";
    }
}
